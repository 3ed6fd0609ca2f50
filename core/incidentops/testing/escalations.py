"""The in-memory twin of `Escalations`, and ready-made incidents."""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from incidentops.domain.alerts import Alert
from incidentops.domain.incidents import Incident, IncidentStatus, TimelineEntry, TimelineKind
from incidentops.domain.oncall.escalations import Escalation, EscalationState
from incidentops.domain.oncall.paging import Pending
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.silences import labels_of
from incidentops.messages.ids import uuid7
from incidentops.ports.escalations import Move
from incidentops.ports.incidents import Committed
from incidentops.testing.outbox import MemoryOutbox

_MOVES = frozenset({TimelineKind.STATUS, TimelineKind.MERGED})
_numbers = count(1)


def an_incident(
    service: str = "redis",
    severity: Severity = Severity.HIGH,
    at: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
) -> Incident:
    """An open incident, just created."""
    return Incident(
        id=uuid7(),
        number=next(_numbers),
        title="does not answer",
        service=service,
        severity=severity,
        status=IncidentStatus.OPEN,
        created_at=at,
        group_key=service,
        last_alert_at=at,
    )


class MemoryEscalations:
    """Thread-safe; hears of incidents through `incident_changed`. `check` raises what a store that is away raises;
    `timeline` knows who moved an incident, `alerts` those of an incident, the newest first."""

    def __init__(
        self,
        outbox: MemoryOutbox,
        check: Callable[[], None] = lambda: None,
        timeline: Callable[[UUID], list[TimelineEntry]] = lambda _: [],
        alerts: Callable[[UUID], list[Alert]] = lambda _: [],
    ) -> None:
        self._check, self._outbox, self._timeline, self._alerts = check, outbox, timeline, alerts
        self._lock = threading.RLock()
        self._incidents: dict[UUID, Incident] = {}
        self._changes: dict[UUID, dict[int, datetime]] = defaultdict(dict)
        self._change_ids = count(1)
        self._escalations: dict[UUID, Escalation] = {}
        self.notes: dict[UUID, list[str]] = defaultdict(list)
        outbox.gave_up = self._page_was_given_up

    def incident_changed(self, incident: Incident, *, tells: bool = True, at: datetime | None = None) -> None:
        """The incident is now as given; `tells`: that is a change which on-call must take up. `at`: since it was
        created, when left out."""
        with self._lock:
            self._incidents[incident.id] = incident
            if tells:
                self._changes[incident.id][next(self._change_ids)] = at or incident.created_at

    def committed(self, committed: Committed) -> None:
        """What the twin of incidents tells its listeners."""
        changed = {change.incident_id: change.at for change in committed.changes}
        for incident in committed.incidents:
            self.incident_changed(incident, tells=incident.id in changed, at=changed.get(incident.id))

    def changed(self, *, limit: int = 100) -> list[Pending]:
        self._check()
        with self._lock:
            changed = sorted(
                (tuple(changes), incident) for incident, changes in self._changes.items() if changes
            )
            return [self._pending(incident, ids) for ids, incident in changed[:limit]]

    def due(self, now: datetime, *, limit: int = 100) -> list[Pending]:
        self._check()
        with self._lock:
            due = [
                (item.due_at, item.incident_id)
                for item in self._escalations.values()
                if item.due_at and item.due_at <= now and item.state is not EscalationState.ENDED
                if not self._changes[item.incident_id]
            ]
            return [self._pending(incident, ()) for _, incident in sorted(due)[:limit]]

    def commit(self, moves: Sequence[Move]) -> frozenset[UUID]:
        self._check()
        with self._lock:
            return frozenset(move.pending.incident.id for move in moves if self._commit(move))

    def find(self, incident_id: UUID) -> Escalation | None:
        self._check()
        return self._escalations.get(incident_id)

    def hurry(self, incident_id: UUID, at: datetime) -> Escalation | None:
        self._check()
        with self._lock:
            present = self._escalations.get(incident_id)
            if present is None or present.state is EscalationState.ENDED:
                return None
            acknowledged = present.state is EscalationState.ACKNOWLEDGED
            self._escalations[incident_id] = replace(
                present,
                due_at=at,
                state=EscalationState.RUNNING if acknowledged else present.state,
                suppressed=None,
                revision=present.revision + 1,
            )
            return self._escalations[incident_id]

    def troubled(self) -> frozenset[str]:
        self._check()
        with self._lock:
            return frozenset(item.service for item in self._escalations.values() if item.troubles)

    def overdue(self, before: datetime) -> int:
        self._check()
        with self._lock:
            late = [
                item
                for item in self._escalations.values()
                if item.state is not EscalationState.ENDED
                and item.due_at is not None
                and item.due_at < before
            ]
            untold = [item for item in self._changes.values() if any(at < before for at in item.values())]
            return len(late) + len(untold)

    def _pending(self, incident_id: UUID, change_ids: tuple[int, ...]) -> Pending:
        incident, escalation = self._incidents[incident_id], self._escalations.get(incident_id)
        alerts = tuple(labels_of(alert) for alert in self._alerts(incident_id)[:100] if alert.firing)
        if not change_ids:
            return Pending(incident, escalation, alerts=alerts)
        movers = [item.actor for item in self._timeline(incident_id) if item.kind in _MOVES]
        paged = self._outbox.paged(incident_id)
        return Pending(incident, escalation, change_ids, alerts, paged, movers[-1] if movers else "")

    def _commit(self, move: Move) -> bool:
        incident_id, before = move.pending.incident.id, move.pending.escalation
        present, changes = self._escalations.get(incident_id), self._changes[incident_id]
        moved_on = before is not None and (present is None or present.revision != before.revision)
        taken = set(move.pending.change_ids)
        if moved_on or not taken <= changes.keys() or (changes and not taken):
            return False
        self._changes[incident_id] = {change: at for change, at in changes.items() if change not in taken}
        if move.after:
            revision = (before.revision if before else 0) + 1
            self._escalations[incident_id] = replace(move.after, revision=revision)
        if move.cancels:
            self._outbox.cancel(incident_id)
        self.notes[incident_id] += move.notes
        self._outbox.enqueue(move.notifications)
        return True

    def _page_was_given_up(self, incident_id: UUID, at: datetime) -> None:
        with self._lock:
            present = self._escalations.get(incident_id)
            if present and present.state is EscalationState.RUNNING and present.due_at:
                due_at = min(present.due_at, at)
                self._escalations[incident_id] = replace(
                    present, due_at=due_at, revision=present.revision + 1
                )
