"""Escalations: what has to be decided, and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from incidentops.domain.notifications.notification import Notification
from incidentops.domain.oncall.escalations import Escalation
from incidentops.domain.oncall.paging import Pending


@dataclass(frozen=True, slots=True)
class Move:
    """What was decided about one pending incident, to be carried out as a whole or not at all: its changes are
    taken up, its escalation stands as `after`, the notes go into its timeline, the notifications into the
    outbox; `cancels` ends pages that no channel has taken yet."""

    pending: Pending
    at: datetime
    after: Escalation | None
    notifications: tuple[Notification, ...] = ()
    notes: tuple[str, ...] = ()
    cancels: bool = False


class Escalations(Protocol):
    """Every call raises `Unavailable("postgres", …)` when the database does not answer."""

    def changed(self, *, limit: int = 100) -> list[Pending]:
        """Incidents with changes that nobody has taken up, in the order they changed."""
        ...

    def due(self, now: datetime, *, limit: int = 100) -> list[Pending]:
        """Incidents whose escalation is due and that have not changed, the longest due first."""
        ...

    def commit(self, moves: Sequence[Move]) -> frozenset[UUID]:
        """Carry the moves out; returns the incidents of those that were. Of several backends that decided about
        the same incident one succeeds; what changed since it was read is left for the next time."""
        ...

    def find(self, incident_id: UUID) -> Escalation | None: ...

    def hurry(self, incident_id: UUID, at: datetime) -> Escalation | None:
        """Make the next step due, also of an escalation that was acknowledged or exhausted. None when there is
        none, or it has ended."""
        ...

    def troubled(self) -> frozenset[str]:
        """Services with an escalation that `troubles`: urgent, and not ended."""
        ...

    def overdue(self, before: datetime) -> int:
        """How many escalations were due before that moment, and incidents that changed before it: nobody has taken them
        up."""
        ...
