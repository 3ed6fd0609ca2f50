"""Where accepted facts go."""

from collections.abc import Iterable
from typing import Protocol

from incidentops.domain.actions import Action
from incidentops.domain.alerts import SignalBatch
from incidentops.ports.store import StoredRecovery, StoredWish

Fact = Action | StoredWish | StoredRecovery | SignalBatch
"""What `Records` accepts."""


class Records(Protocol):
    """Where accepted facts go. Returning means durable: they survive the death of every process, and are in
    Postgres or will be, once each, in the order they were accepted. Raises `Unavailable("spool", …)` only
    when neither Postgres nor the local disk takes them."""

    def save_action(self, action: Action) -> None:
        """Insert the intent, or its outcome: the first outcome of an action stands."""
        ...

    def save_wish(self, wish: StoredWish) -> None:
        """The newest wish of a service stands."""
        ...

    def save_recovery(self, recovery: StoredRecovery) -> None:
        """The newest mode of a service stands."""
        ...

    def save_signals(self, batch: SignalBatch) -> None:
        """Take in what sources signalled. What it came to is told by `IncidentStore.listen`: before the return
        when Postgres took it, some time later when it had to wait."""
        ...

    def wishes(self) -> dict[str, StoredWish]:
        """The latest wishes as this machine knows them, by service; needs no Postgres."""
        ...

    def remember_wishes(self, wishes: Iterable[StoredWish]) -> None:
        """Take wishes read from Postgres into what this machine knows."""
        ...

    def recoveries(self) -> dict[str, StoredRecovery]:
        """The latest recovery modes as this machine knows them, by service; needs no Postgres."""
        ...

    def remember_recoveries(self, recoveries: Iterable[StoredRecovery]) -> None:
        """Take recovery modes read from Postgres into what this machine knows."""
        ...

    def backlog(self) -> int:
        """Accepted facts that Postgres does not have yet."""
        ...

    def healthy(self) -> bool:
        """Whether a fact would be accepted if Postgres went away now."""
        ...
