"""Where accepted facts go."""

from collections.abc import Iterable
from typing import Protocol

from incidentops.domain.actions import Action
from incidentops.domain.alerts import SignalBatch
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.experiments.runs import Run, RunEntries
from incidentops.domain.faults import Fault
from incidentops.domain.guards import Guard
from incidentops.ports.store import StoredRecovery, StoredWish

Fact = Action | StoredWish | StoredRecovery | Fault | Run | RunEntries | Guard | DecisionRow | SignalBatch
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

    def save_guard(self, guard: Guard) -> None:
        """The newest guard of a service stands."""
        ...

    def save_decision(self, decision: DecisionRow) -> None:
        """The first row of an id stands."""
        ...

    def save_run(self, run: Run) -> None:
        """The newest state of an experiment's run stands; its first verdict for good."""
        ...

    def save_run_entries(self, entries: RunEntries) -> None:
        """Each line of a journal is kept once."""
        ...

    def save_fault(self, fault: Fault) -> None:
        """The highest revision of a fault stands."""
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

    def guards(self) -> dict[str, Guard]:
        """The latest guards as this machine knows them, by service; needs no Postgres."""
        ...

    def remember_guards(self, guards: Iterable[Guard]) -> None:
        """Take guards read from Postgres into what this machine knows."""
        ...

    def backlog(self) -> int:
        """Accepted facts that Postgres does not have yet."""
        ...

    def healthy(self) -> bool:
        """Whether a fact would be accepted if Postgres went away now."""
        ...
