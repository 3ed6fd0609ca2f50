"""The action log, wishes and recovery modes: how they are read from Postgres."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from incidentops.domain.actions import Action
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.ports.remediation import RemediationStore


@dataclass(frozen=True, slots=True)
class ActionFilter:
    """Which rows of the action log; None means any. `text` is found anywhere in message or actor, whatever
    the case of its letters."""

    service: str | None = None
    verb: Verb | None = None
    actor: str | None = None
    outcome: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ActionPage:
    """Rows, newest first, and the cursor of the next page (None on the last)."""

    items: tuple[Action, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StoredWish:
    """What the operator last wanted of a service."""

    service: str
    wish: Wish
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredRecovery:
    """The recovery mode an operator last chose for a service; it stands above the label's."""

    service: str
    mode: RecoveryMode
    actor: str
    at: datetime


class Store(Protocol):
    """Reads of the truth in Postgres. Every call raises `Unavailable("postgres", …)` within 500 ms of a
    database that is gone or hung."""

    def actions(self, where: ActionFilter, *, limit: int = 50, cursor: str | None = None) -> ActionPage:
        """Raises ValueError for a cursor that this store did not give. A search for `text` may take five
        seconds instead of half a one."""
        ...

    def action(self, action_id: UUID) -> Action | None: ...

    def recent_actions(self, per_service: int = 50) -> list[Action]:
        """The newest actions of every service, oldest first."""
        ...

    def running_actions(self) -> list[Action]:
        """Intents without an outcome (orphans, when asked at boot)."""
        ...

    def wishes(self) -> dict[str, StoredWish]: ...

    def recoveries(self) -> dict[str, StoredRecovery]:
        """The recovery modes operators chose, by service."""
        ...

    @property
    def remediation(self) -> RemediationStore:
        """Guards and decisions."""
        ...

    def ping(self) -> None: ...
