"""What people and programs do with incidents: open, edit, assign, merge, reopen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from incidentops.domain.incidents import (
    Edit,
    Incident,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
)
from incidentops.domain.severity import Severity
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock, IncidentStore

_KEYS = UUID("5e0f7a0c-31f6-5a53-8a0e-0d8b7f6a2c11")
_MAX_NUMBER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class NewIncident:
    """An incident that somebody opens."""

    title: str
    service: str
    severity: Severity
    team: str | None = None
    assignee: str | None = None
    note: str | None = None


class IncidentDesk:
    """Raises UnknownIncident, IllegalTransition, IncidentRefused, and Unavailable without Postgres."""

    def __init__(self, store: IncidentStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def open(self, new: NewIncident, actor: str, key: str | None = None) -> Incident:
        """Open an incident by hand. The same key of the same actor opens one only."""
        now = self._clock.now()
        incident = Incident(
            id=uuid5(_KEYS, f"{actor}\x1f{key}") if key else uuid7(),
            number=0,
            title=new.title,
            service=new.service,
            severity=new.severity,
            status=IncidentStatus.OPEN,
            created_at=now,
            group_key="",
            last_alert_at=now,
            assignee=new.assignee,
            team=new.team,
        )
        return self._store.open(incident, _first_lines(incident, actor, now, new.note))

    def known(self, reference: str) -> Incident:
        """The incident of this id or number."""
        return self._store.incident(_parsed(reference))

    def edit(self, reference: str, edit: Edit) -> Incident:
        return self._store.edit(self.known(reference).id, edit)

    def assign(
        self, incident_id: UUID, actor: str, assignee: str | None, responders: Sequence[str] = ()
    ) -> Incident:
        """Who works on it, and who was called; None and nothing leave both as they are."""
        edit = Edit(
            actor, self._clock.now(), assignee=assignee, responders=tuple(responders) if responders else None
        )
        return self._store.edit(incident_id, edit)

    def merge(self, reference: str, into: str, actor: str) -> Incident:
        """Make one incident part of another, which is returned."""
        child, root = self.known(reference), self.known(into)
        return self._store.merge(child.id, root.id, Edit(actor, self._clock.now()))

    def reopen(self, reference: str, actor: str) -> Incident:
        """A new incident in the place of one that was resolved lately; the one that followed it already, if any."""
        return self._store.reopen(self.known(reference).id, Edit(actor, self._clock.now()))


def _first_lines(incident: Incident, actor: str, at: datetime, note: str | None) -> list[TimelineEntry]:
    lines = [TimelineEntry(incident.id, at, TimelineKind.CREATED, actor, "opened by hand")]
    if note:
        lines.append(TimelineEntry(incident.id, at, TimelineKind.NOTE, actor, note))
    return lines


def _parsed(reference: str) -> UUID | int:
    """An id, or else a number; what is neither is number 0, which no incident has."""
    try:
        return UUID(reference)
    except ValueError:
        number = int(reference) if reference.isdecimal() and reference.isascii() else 0
        return number if number <= _MAX_NUMBER else 0
