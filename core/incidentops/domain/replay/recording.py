"""What is kept of a stretch of time: the alerts that came in, and what people did with the incidents."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec import structs

from incidentops.domain.alerts import Alert, Signal, SignalKind
from incidentops.domain.correlation.rules import OWN_SOURCE
from incidentops.domain.incidents import Edit, Incident, IncidentStatus, TimelineEntry, TimelineKind
from incidentops.domain.severity import Severity

KINDS = (TimelineKind.STATUS, TimelineKind.SEVERITY, TimelineKind.ASSIGNED)
"""The lines of incidents' stories that a recording needs."""

PAGER = "on-call"
"""What the pager calls itself in them."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A signal, and the alert that it was stored as."""

    alert_id: UUID
    signal: Signal


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did with an incident. `members` are the alerts that belonged to it, and the incident itself."""

    edit: Edit
    members: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Recording:
    """`alerts` in the order they were accepted, `incidents` that were opened meanwhile as they stand now, and the
    lines of `KINDS` of their stories, oldest first. Sightings of an alert between its first and its last are not
    kept, nor are merges by hand replayed."""

    alerts: tuple[Alert, ...]
    incidents: tuple[Incident, ...]
    story: tuple[TimelineEntry, ...]
    until: datetime

    def sightings(self) -> list[Sighting]:
        """First sighting, last sighting and end of every alert, in the order of time."""
        found = [item for alert in self.alerts for item in _sightings(alert)]
        return sorted(found, key=lambda item: item.signal.at)

    def opened_by_hand(self) -> list[Incident]:
        """As they were when somebody opened them."""
        return [self._as_opened(incident) for incident in self.incidents if not incident.rule]

    def steps(self) -> list[Step]:
        """What people did, oldest first, and acknowledgements by whoever sent the alerts; resolutions that followed
        from the alerts follow again by themselves."""
        members, programs = self._members(), {OWN_SOURCE, *(alert.source for alert in self.alerts)}
        return [
            Step(edit, members[entry.incident_id])
            for entry in self.story
            if entry.incident_id in members and (edit := _edit(entry, programs))
        ]

    # -- inside ------------------------------------------------------------------------------------------

    def _as_opened(self, incident: Incident) -> Incident:
        lines = [line for line in self.story if line.incident_id == incident.id and "before" in line.data]
        severity = Severity(lines[0].data["before"]) if lines else incident.severity
        return structs.replace(
            incident,
            status=IncidentStatus.OPEN,
            severity=severity,
            acknowledged_at=None,
            resolved_at=None,
            merged_into=None,
        )

    def _members(self) -> dict[UUID, frozenset[UUID]]:
        """What each incident consisted of; what became part of another shares its alerts."""
        alerts: dict[UUID, set[UUID]] = defaultdict(set)
        for alert in self.alerts:
            alerts[alert.incident_id].add(alert.id)
        homes = {home: home for home in alerts}
        homes |= {incident.id: incident.merged_into or incident.id for incident in self.incidents}
        return {own: frozenset({own} | alerts[home]) for own, home in homes.items()}


def _edit(entry: TimelineEntry, programs: Collection[str]) -> Edit | None:
    data = entry.data
    if entry.kind is TimelineKind.STATUS and not _follows_by_itself(entry, programs):
        return Edit(entry.actor, entry.at, status=IncidentStatus(data["status"]))
    if entry.kind is TimelineKind.SEVERITY and "severity" in data:
        return Edit(entry.actor, entry.at, severity=Severity(data["severity"]))
    if entry.kind is TimelineKind.ASSIGNED and "team" in data and entry.actor != PAGER:
        return Edit(entry.actor, entry.at, team=data["team"])
    return None


def _follows_by_itself(entry: TimelineEntry, programs: Collection[str]) -> bool:
    return entry.data["status"] == IncidentStatus.RESOLVED and entry.actor in programs


def _sightings(alert: Alert) -> Iterator[Sighting]:
    yield Sighting(alert.id, _sighting(alert, alert.started_at))
    if alert.count > 1:
        yield Sighting(alert.id, _sighting(alert, alert.last_seen_at))
    if alert.ended_at:
        yield Sighting(alert.id, Signal(SignalKind.RESOLVED, alert.source, alert.dedup_key, alert.ended_at))


def _sighting(alert: Alert, at: datetime) -> Signal:
    return Signal(
        kind=SignalKind.FIRING,
        source=alert.source,
        dedup_key=alert.dedup_key,
        at=at,
        service=alert.service,
        name=alert.name,
        severity=alert.severity,
        summary=alert.summary,
        fingerprint=alert.fingerprint,
        labels=alert.labels,
        upstream=alert.upstream,
    )
