"""The in-memory twin of `IncidentStore`, and ready-made signals."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from statistics import fmean
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from incidentops.domain.alerts import Alert, Signal, SignalBatch, SignalKind, fingerprint
from incidentops.domain.correlation import DEFAULT_RULES, Correlator, Result, Scene, Taken, read_rules
from incidentops.domain.correlation.merge import merge
from incidentops.domain.heartbeats import SOURCE as HEARTBEAT_SOURCE
from incidentops.domain.incident_edits import edited
from incidentops.domain.incidents import (
    ChangeKind,
    Edit,
    Incident,
    IncidentChange,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
    UnknownIncident,
)
from incidentops.domain.severity import Severity
from incidentops.messages.ids import first_at, ordered_ids, uuid7
from incidentops.ports.incidents import (
    AlertFilter,
    AlertPage,
    Committed,
    Heartbeat,
    IncidentFilter,
    IncidentPage,
    Listener,
    Noise,
    RulesChanged,
    Statistics,
    StoredRules,
    Volume,
)
from incidentops.testing.clock import FakeClock

BEGIN = FakeClock().now()


def a_signal(service: str = "redis", name: str = "HighLatency", *, after_seconds: float = 0.0,
             kind: SignalKind = SignalKind.FIRING, **fields: Any) -> Signal:  # fmt: skip
    """A signal of Prometheus about a service, `after_seconds` past the fake clock's begin."""
    source = fields.setdefault("source", "prometheus")
    mark = fingerprint(source, service, name, fields.get("labels", {}))
    given: dict[str, Any] = {
        "dedup_key": f"{service}/{name}",
        "at": BEGIN + timedelta(seconds=after_seconds),
        "severity": Severity.HIGH,
        "summary": f"{name} on {service}",
        "fingerprint": mark,
    }
    return Signal(kind=kind, service=service, name=name, **(given | fields))


def a_batch(*signals: Signal) -> SignalBatch:
    return SignalBatch(uuid7(), signals)


class MemoryIncidents:
    """Thread-safe. `check` raises what a store that is away raises."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self._check = check
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._numbers = count(1)
        self._new_id = ordered_ids()
        self._batches: set[UUID] = set()
        self._messages: set[tuple[str, str]] = set()
        self._alerts: dict[UUID, Alert] = {}
        self._incidents: dict[UUID, Incident] = {}
        self._timeline: list[TimelineEntry] = []
        self._beats: dict[str, Heartbeat] = {}
        self._rules: list[StoredRules] = []
        self.changes: list[IncidentChange] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def ingest(self, batch: SignalBatch) -> None:
        with self._lock:
            if batch.id in self._batches:
                return
            self._batches.add(batch.id)
            scene = self._scene()
            rules = self._rules[-1].rules if self._rules else DEFAULT_RULES
            correlator = Correlator(rules, scene, self._new_id)
            taken = tuple(self._take(correlator, signal) for signal in batch.signals)
            committed = self._keep(scene, {batch.id: taken})
        self._tell(committed)

    # -- reads -------------------------------------------------------------------------------------------

    def incidents(self, where: IncidentFilter, *, limit: int = 50, cursor: str | None = None) -> IncidentPage:
        self._check()
        before = int(cursor) if cursor is not None else None
        found = [
            item
            for item in sorted(self._incidents.values(), key=lambda item: -item.number)
            if _incident_fits(item, where) and (before is None or item.number < before)
        ]
        items = tuple(found[:limit])
        return IncidentPage(items, str(items[-1].number) if len(found) > limit else None)

    def alerts(self, where: AlertFilter, *, limit: int = 50, cursor: str | None = None) -> AlertPage:
        self._check()
        before = UUID(cursor) if cursor is not None else None
        found = [
            item
            for item in sorted(self._alerts.values(), key=lambda item: item.id, reverse=True)
            if _alert_fits(item, where) and (before is None or item.id < before)
        ]
        items = tuple(found[:limit])
        return AlertPage(items, str(items[-1].id) if len(found) > limit else None)

    def incident(self, reference: UUID | int) -> Incident:
        self._check()
        for item in list(self._incidents.values()):
            if reference in (item.id, item.number):
                return item
        raise UnknownIncident(str(reference))

    def alerts_of(self, incident_id: UUID) -> list[Alert]:
        """Those of one incident, the newest first."""
        return list(self.alerts(AlertFilter(incident_id=incident_id), limit=len(self._alerts) + 1).items)

    def alert(self, alert_id: UUID) -> Alert | None:
        self._check()
        return self._alerts.get(alert_id)

    def timeline(self, incident_id: UUID, *, limit: int = 500) -> list[TimelineEntry]:
        self._check()
        return [entry for entry in self._timeline if entry.incident_id == incident_id][-limit:]

    def merged(self, incident_id: UUID) -> list[Incident]:
        self._check()
        return [item for item in self._incidents.values() if item.merged_into == incident_id]

    def unresolved_of(self, services: Collection[str]) -> dict[str, int]:
        self._check()
        firing = [(item.service, item.incident_id) for item in self._alerts.values() if item.firing]
        unresolved = [item for item in self._incidents.values() if not item.resolved]
        return {
            name: incident.number
            for incident in sorted(unresolved, key=lambda item: item.number)
            for name in services
            if name == incident.service or (name, incident.id) in firing
        }

    def count_by_status(self) -> dict[IncidentStatus, int]:
        self._check()
        return dict(Counter(item.status for item in self._incidents.values()))

    def statistics(self, since: datetime, until: datetime) -> Statistics:
        self._check()
        items = [
            item
            for item in self._incidents.values()
            if since <= item.created_at < until and item.merged_into is None
        ]
        alerts: Counter[str] = Counter()
        for item in items:
            alerts[item.service] += item.alerts
        by_service = Counter(item.service for item in items)
        noisiest = sorted(alerts.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
        return Statistics(
            incidents=len(items),
            unresolved=sum(not item.resolved for item in items),
            alerts=alerts.total(),
            mtta_seconds=_mean([item.mtta_seconds for item in items]),
            mttr_seconds=_mean([item.mttr_seconds for item in items]),
            mtta_p95_seconds=_p95([item.mtta_seconds for item in items]),
            mttr_p95_seconds=_p95([item.mttr_seconds for item in items]),
            by_severity=dict(Counter(str(item.severity) for item in items)),
            by_status=dict(Counter(str(item.status) for item in items)),
            volume=_volume(items, by_hour=until - since <= timedelta(days=2)),
            noisiest=tuple(Noise(name, by_service[name], number) for name, number in noisiest),
        )

    def settling(self, at: datetime) -> list[UUID]:
        self._check()
        return [item.id for item in self._incidents.values() if item.settle_at and item.settle_at <= at]

    def expired_leases(self, at: datetime, *, limit: int) -> list[tuple[str, str]]:
        self._check()
        over = [
            item
            for item in self._alerts.values()
            if item.firing and item.lease_until is not None and item.lease_until <= at
        ]
        return [(item.source, item.dedup_key) for item in over][:limit]

    def missing_beats(self, at: datetime, *, limit: int) -> list[Heartbeat]:
        self._check()
        alerting = {
            item.dedup_key
            for item in self._alerts.values()
            if item.firing and item.source == HEARTBEAT_SOURCE
        }
        due = [beat for beat in self._beats.values() if beat.due_at <= at and beat.name not in alerting]
        return sorted(due, key=lambda beat: beat.due_at)[:limit]

    def heartbeats(self) -> list[Heartbeat]:
        self._check()
        return sorted(self._beats.values(), key=lambda beat: beat.name)

    def history(self, since: datetime, until: datetime) -> Iterator[Alert]:
        self._check()
        first, last = first_at(since), first_at(until)
        yield from sorted(
            (item for item in self._alerts.values() if first <= item.id < last), key=lambda item: item.id
        )

    def story(
        self, since: datetime, until: datetime, kinds: Collection[TimelineKind], *, limit: int
    ) -> list[TimelineEntry]:
        self._check()
        return [line for line in self._timeline if since <= line.at < until and line.kind in kinds][:limit]

    # -- writes ------------------------------------------------------------------------------------------

    def open(self, incident: Incident, timeline: Sequence[TimelineEntry]) -> Incident:
        self._check()
        with self._lock:
            if known := self._incidents.get(incident.id):
                return known
            scene = Scene(timeline=list(timeline))
            scene.put_incident(incident, new=True)
            scene.changes.append(IncidentChange(incident.id, ChangeKind.CREATED, incident.created_at))
            committed = self._keep(scene, {})
        self._tell(committed)
        return committed.opened[0]

    def edit(self, incident_id: UUID, edit: Edit) -> Incident:
        self._check()
        with self._lock:
            result = edited(self.incident(incident_id), edit)
            incident = result.incident
            scene = self._scene()
            scene.timeline, scene.changes = result.timeline, result.changes
            if result.ends_alerts:
                incident = replace(incident, open_alerts=0)
                for alert in self._alerts.values():
                    if alert.incident_id == incident_id and alert.firing:
                        scene.put_alert(alert.ended(edit.at))
            scene.put_incident(incident)
            committed = self._keep(scene, {})
        self._tell(committed)
        return incident

    def merge(self, child: UUID, root: UUID, edit: Edit) -> Incident:
        self._check()
        with self._lock:
            scene = self._scene()
            merge(scene, self.incident(child), self.incident(root), edit)
            committed = self._keep(scene, {})
        self._tell(committed)
        return self.incident(root)

    def forget_heartbeat(self, name: str) -> bool:
        self._check()
        return self._beats.pop(name, None) is not None

    def forget_old_messages(self) -> None:
        self._check()

    def rules(self) -> StoredRules | None:
        self._check()
        return self._rules[-1] if self._rules else None

    def save_rules(
        self,
        document: Mapping[str, Any],
        source: str,
        actor: str,
        at: datetime,
        *,
        expected: int | None = None,
    ) -> StoredRules:
        self._check()
        with self._lock:
            if expected not in {None, len(self._rules)}:
                raise RulesChanged(f"The rules no longer stand at version {expected}: read them again.")
            rules = read_rules(document, len(self._rules) + 1)
            self._rules.append(StoredRules(rules, source, actor, at))
            return self._rules[-1]

    # -- inside ------------------------------------------------------------------------------------------

    def _scene(self) -> Scene:
        """Everything: of each key the open alert, or the one that ended last."""
        ordered = sorted(self._alerts.values(), key=lambda item: (item.firing, item.id))
        scene = Scene()
        scene.know(ordered, sorted(self._incidents.values(), key=lambda item: item.number))
        return scene

    def _take(self, correlator: Correlator, signal: Signal) -> Taken:
        if signal.once is not None:
            key = (signal.source, signal.once)
            if key in self._messages:
                return Taken(Result.IGNORED)
            self._messages.add(key)
        return correlator.take(signal)

    def _keep(self, scene: Scene, taken: dict[UUID, tuple[Taken, ...]]) -> Committed:
        scene.number_new([next(self._numbers) for _ in scene.new_incidents])
        opened = [scene.incidents[incident_id] for incident_id in scene.new_incidents]
        changed = [scene.incidents[incident_id] for incident_id in scene.changed_incidents]
        self._incidents |= {item.id: item for item in opened + changed}
        self._alerts |= scene.changed_alerts | scene.new_alerts
        for child, root in scene.merges:
            for alert in list(self._alerts.values()):
                if alert.incident_id == child:
                    self._alerts[alert.id] = replace(alert, incident_id=root)
        self._timeline += scene.timeline
        self.changes += scene.changes
        for beat in scene.beats:
            known = self._beats.get(beat.dedup_key)
            if known is not None and known.last_beat_at > beat.at:
                continue
            self._beats[beat.dedup_key] = Heartbeat(
                beat.dedup_key, beat.service, beat.severity, beat.at, beat.lease_until or beat.at
            )
        return Committed(
            taken=taken,
            incidents=tuple(opened + changed),
            alert_ids=(*scene.new_alerts, *scene.changed_alerts),
            new_alerts=tuple(scene.new_alerts.values()),
            opened=tuple(opened),
            changes=tuple(scene.changes),
        )

    def _tell(self, committed: Committed) -> None:
        for listener in self._listeners:
            listener(committed)


def _incident_fits(item: Incident, where: IncidentFilter) -> bool:
    return (
        (where.statuses is None or item.status in where.statuses)
        and (where.severity is None or item.severity is where.severity)
        and (where.service is None or item.service == where.service)
        and (where.team is None or item.team == where.team)
        and (where.assignee is None or item.assignee == where.assignee)
        and (where.since is None or item.created_at >= where.since)
        and (where.until is None or item.created_at < where.until)
    )


def _alert_fits(item: Alert, where: AlertFilter) -> bool:
    wanted = (where.status, where.severity, where.service, where.source, where.incident_id)
    has = (item.status, item.severity, item.service, item.source, item.incident_id)
    return all(want is None or want == value for want, value in zip(wanted, has, strict=True))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _p95(values: Sequence[float | None]) -> float | None:
    """Interpolated, as Postgres' percentile_cont is."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    place = 0.95 * (len(known) - 1)
    low = int(place)
    high = min(low + 1, len(known) - 1)
    return known[low] + (known[high] - known[low]) * (place - low)


def _volume(items: Sequence[Incident], *, by_hour: bool) -> tuple[Volume, ...]:
    steps: dict[datetime, list[Incident]] = {}
    for item in items:
        at = item.created_at.replace(minute=0, second=0, microsecond=0)
        steps.setdefault(at if by_hour else at.replace(hour=0), []).append(item)
    return tuple(
        Volume(
            at,
            len(group),
            _mean([item.mtta_seconds for item in group]),
            _mean([item.mttr_seconds for item in group]),
        )
        for at, group in sorted(steps.items())
    )
