"""Takes signals one after another and works out alerts and incidents. Pure: a scene in, a scene out."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from incidentops.domain.alerts import Alert, AlertStatus, Signal, SignalKind
from incidentops.domain.correlation.merge import merge
from incidentops.domain.correlation.rules import Place, Rule, RuleSet
from incidentops.domain.correlation.scene import Result, Scene, Taken
from incidentops.domain.incident_edits import moved
from incidentops.domain.incidents import (
    ChangeKind,
    Edit,
    Incident,
    IncidentChange,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
)

REOPEN_GRACE = timedelta(minutes=10)
"""A problem that comes back this soon after its incident was resolved is a new incident linked to that one."""

SETTLE = timedelta(minutes=5)
"""How long a flapping alert must stay away before its incident is resolved."""

NewId = Callable[[], UUID]
"""Gives ids that sort by the time they were made."""


class Correlator:
    """What each kind of signal does to the scene."""

    def __init__(self, rules: RuleSet, scene: Scene, new_id: NewId) -> None:
        self._rules, self._scene, self._new_id = rules, scene, new_id
        self._kinds: dict[SignalKind, Callable[[Signal, Alert | None], Taken]] = {
            SignalKind.FIRING: self._fire,
            SignalKind.RESOLVED: self._resolve,
            SignalKind.ACKNOWLEDGED: self._acknowledge,
            SignalKind.EXPIRED: self._expire,
            SignalKind.BEAT: self._beat,
        }

    def take(self, signal: Signal) -> Taken:
        """Apply one signal."""
        known = self._scene.alerts.get((signal.source, signal.dedup_key))
        return self._kinds[signal.kind](signal, known)

    # -- kinds -------------------------------------------------------------------------------------------

    def _fire(self, signal: Signal, known: Alert | None) -> Taken:
        if known is not None and known.firing:
            return self._repeat(signal, known)
        incident, result = self._home(signal, known)
        alert = _alert(self._new_id(), signal, incident.id, known)
        self._scene.put_alert(alert, new=True)
        self._join(incident, alert, signal)
        return Taken(result, alert.id, incident.id)

    def _repeat(self, signal: Signal, known: Alert) -> Taken:
        self._scene.put_alert(known.seen_again(signal))
        incident = self._scene.incidents[known.incident_id]
        self._scene.put_incident(replace(incident, last_alert_at=max(incident.last_alert_at, signal.at)))
        if signal.severity.worse_than(known.severity):
            self._escalate(incident.id, signal)
        return Taken(Result.DEDUPLICATED, known.id, known.incident_id)

    def _resolve(self, signal: Signal, known: Alert | None) -> Taken:
        if known is None or not known.firing:
            return Taken(Result.IGNORED)
        ended = known.ended(signal.at)
        self._scene.put_alert(ended)
        incident = self._scene.incidents[known.incident_id]
        incident = replace(incident, open_alerts=max(0, incident.open_alerts - 1))
        self._scene.put_incident(incident)
        self._tell(incident, signal, TimelineKind.ALERT_RESOLVED, f"resolved: {known.summary}", ended)
        self._close_if_over(incident, ended, signal)
        return Taken(Result.RESOLVED, known.id, incident.id)

    def _acknowledge(self, signal: Signal, known: Alert | None) -> Taken:
        if known is None or not known.firing:
            return Taken(Result.IGNORED)
        incident = self._scene.incidents[known.incident_id]
        if incident.status is IncidentStatus.OPEN:
            self._move(incident, IncidentStatus.ACKNOWLEDGED, signal)
        return Taken(Result.ACKNOWLEDGED, known.id, incident.id)

    def _expire(self, signal: Signal, known: Alert | None) -> Taken:
        over = known is not None and known.lease_until is not None and known.lease_until <= signal.at
        return self._resolve(signal, known) if over else Taken(Result.IGNORED)

    def _beat(self, signal: Signal, known: Alert | None) -> Taken:
        self._scene.beats.append(signal)
        return self._resolve(signal, known)

    # -- where a new alert belongs -----------------------------------------------------------------------

    def _home(self, signal: Signal, earlier: Alert | None) -> tuple[Incident, Result]:
        before = self._scene.incidents.get(earlier.incident_id) if earlier else None
        if before is not None and not before.resolved:
            return before, Result.EXISTING_INCIDENT
        place = self._rules.place(signal)
        if found := self._open_incident(place, signal):
            return found, Result.EXISTING_INCIDENT
        return self._open(place, signal), Result.NEW_INCIDENT

    def _open_incident(self, place: Place, signal: Signal) -> Incident | None:
        rule, keys = place.rule, [place.group_key]
        if rule.group_by is None:
            keys += map(rule.key_of_service, signal.upstream)
        candidates = (self._scene.newest_of(key) for key in keys)
        return next((item for item in candidates if item is not None and _takes(item, rule, signal)), None)

    def _open(self, place: Place, signal: Signal) -> Incident:
        rule = place.rule
        before = self._scene.newest_of(place.group_key)
        incident = Incident(
            id=self._new_id(),
            number=0,
            title=signal.summary or signal.name,
            service=signal.service,
            severity=signal.severity,
            status=IncidentStatus.OPEN,
            created_at=signal.at,
            group_key=place.group_key,
            last_alert_at=signal.at,
            rule=rule.name,
            team=signal.team,
            upstream=signal.upstream if rule.group_by is None else (),
            reopened_from=before.id if before and _just_resolved(before, signal) else None,
        )
        self._scene.put_incident(incident, new=True)
        self._scene.changes.append(IncidentChange(incident.id, ChangeKind.CREATED, signal.at))
        self._tell(incident, signal, TimelineKind.CREATED, f"opened by rule {rule.name}")
        if incident.reopened_from:
            self._tell(incident, signal, TimelineKind.LINKED, "the same problem was resolved shortly before")
        if rule.group_by is None:
            self._absorb(incident, rule, signal)
        return self._scene.incidents[incident.id]

    def _absorb(self, root: Incident, rule: Rule, signal: Signal) -> None:
        """What stands on this service and broke just before was part of its outage."""
        for child in self._scene.standing_on(root.service):
            if child.rule != rule.name or signal.at - child.created_at > rule.window:
                continue
            why = f"{child.service} stands on {root.service}"
            merge(self._scene, child, self._scene.incidents[root.id], Edit(signal.source, signal.at), why)

    # -- what happens to incidents -----------------------------------------------------------------------

    def _join(self, incident: Incident, alert: Alert, signal: Signal) -> None:
        self._scene.put_incident(
            replace(
                incident,
                alerts=incident.alerts + 1,
                open_alerts=incident.open_alerts + 1,
                last_alert_at=max(incident.last_alert_at, signal.at),
                settle_at=None,
            )
        )
        self._tell(incident, signal, TimelineKind.ALERT, alert.summary, alert)
        self._escalate(incident.id, signal)

    def _escalate(self, incident_id: UUID, signal: Signal) -> None:
        incident = self._scene.incidents[incident_id]
        if not signal.severity.worse_than(incident.severity):
            return
        self._scene.put_incident(replace(incident, severity=signal.severity))
        self._scene.changes.append(IncidentChange(incident_id, ChangeKind.ESCALATED, signal.at))
        text = f"severity {incident.severity} → {signal.severity}"
        self._tell(incident, signal, TimelineKind.SEVERITY, text)

    def _close_if_over(self, incident: Incident, ended: Alert, signal: Signal) -> None:
        rule = self._rules.named(incident.rule)
        if incident.open_alerts or incident.resolved or rule is None or not rule.auto_resolve:
            return
        if ended.flapping:
            self._scene.put_incident(replace(incident, settle_at=signal.at + SETTLE))
        else:
            self._move(incident, IncidentStatus.RESOLVED, signal)

    def _move(self, incident: Incident, to: IncidentStatus, signal: Signal) -> None:
        result = moved(incident, to, Edit(signal.source, signal.at))
        self._scene.put_incident(result.incident)
        self._scene.timeline += result.timeline
        self._scene.changes += result.changes

    def _tell(
        self, incident: Incident, signal: Signal, kind: TimelineKind, text: str, alert: Alert | None = None
    ) -> None:
        data = {"alert_id": str(alert.id), "source": alert.source} if alert else {}
        self._scene.timeline.append(TimelineEntry(incident.id, signal.at, kind, signal.source, text, data))


def _takes(incident: Incident, rule: Rule, signal: Signal) -> bool:
    """Whether an incident takes in a new alert: it is unresolved, and its newest alert is within the window. One
    that grouped by the graph takes them for as long as the outage lasts."""
    if incident.resolved:
        return False
    lasting = rule.group_by is None and incident.open_alerts > 0
    return lasting or signal.at - incident.last_alert_at <= rule.window


def _just_resolved(incident: Incident, signal: Signal) -> bool:
    at = incident.resolved_at
    return at is not None and incident.merged_into is None and signal.at - at <= REOPEN_GRACE


def _alert(alert_id: UUID, signal: Signal, incident_id: UUID, earlier: Alert | None) -> Alert:
    return Alert(
        id=alert_id,
        source=signal.source,
        dedup_key=signal.dedup_key,
        fingerprint=signal.fingerprint,
        service=signal.service,
        name=signal.name,
        severity=signal.severity,
        summary=signal.summary,
        labels=signal.labels,
        annotations=signal.annotations,
        status=AlertStatus.FIRING,
        started_at=min(signal.started_at or signal.at, signal.at),
        last_seen_at=signal.at,
        ended_at=None,
        lease_until=signal.lease_until,
        count=1,
        flaps=earlier.flaps_when_back(signal.at) if earlier else 0,
        incident_id=incident_id,
        upstream=signal.upstream,
    )
