"""What correlation looks at and what it leaves behind: alerts and incidents in memory, and a list of what changed.

A store fills a scene with whatever the signals of a batch can touch, lets the correlator work, and writes what
changed in one transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from incidentops.domain.alerts import Alert, Signal
from incidentops.domain.incidents import Incident, IncidentChange, TimelineEntry

AlertKey = tuple[str, str]
"""Source and dedup key."""


class Result(StrEnum):
    """What became of a signal."""

    NEW_INCIDENT = "new_incident"
    EXISTING_INCIDENT = "existing_incident"
    DEDUPLICATED = "deduplicated"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"
    IGNORED = "ignored"


class Taken(Struct, frozen=True, gc=False):
    """The answer to one signal; without ids when it concerned nothing."""

    result: Result
    alert_id: UUID | None = None
    incident_id: UUID | None = None


@dataclass(slots=True)
class Scene:
    """`alerts` holds the newest alert of each key, `newest` the newest incident of each group key."""

    alerts: dict[AlertKey, Alert] = field(default_factory=dict)
    incidents: dict[UUID, Incident] = field(default_factory=dict)
    newest: dict[str, UUID] = field(default_factory=dict)
    new_alerts: dict[UUID, Alert] = field(default_factory=dict)
    changed_alerts: dict[UUID, Alert] = field(default_factory=dict)
    new_incidents: dict[UUID, None] = field(default_factory=dict)
    changed_incidents: dict[UUID, None] = field(default_factory=dict)
    timeline: list[TimelineEntry] = field(default_factory=list)
    changes: list[IncidentChange] = field(default_factory=list)
    merges: list[tuple[UUID, UUID]] = field(default_factory=list)
    beats: list[Signal] = field(default_factory=list)

    def know(self, alerts: Iterable[Alert], incidents: Iterable[Incident]) -> None:
        """Take in what is stored."""
        for alert in alerts:
            self.alerts[alert.source, alert.dedup_key] = alert
        for incident in incidents:
            self.incidents[incident.id] = incident
            newest = self.incidents.get(self.newest.get(incident.group_key, incident.id))
            if newest is None or newest.number <= incident.number:
                self.newest[incident.group_key] = incident.id

    def homes_unknown(self) -> set[UUID]:
        """Incidents of known alerts that are not known themselves."""
        return {alert.incident_id for alert in self.alerts.values()} - self.incidents.keys()

    def put_alert(self, alert: Alert, *, new: bool = False) -> None:
        self.alerts[alert.source, alert.dedup_key] = alert
        if new or alert.id in self.new_alerts:
            self.new_alerts[alert.id] = alert
        else:
            self.changed_alerts[alert.id] = alert

    def put_incident(self, incident: Incident, *, new: bool = False) -> None:
        self.incidents[incident.id] = incident
        if new:
            self.new_incidents[incident.id] = None
            self.newest[incident.group_key] = incident.id
        elif incident.id not in self.new_incidents:
            self.changed_incidents[incident.id] = None

    def number_new(self, numbers: Iterable[int]) -> None:
        """Give new incidents their numbers, in the order they were opened."""
        for incident_id, number in zip(self.new_incidents, numbers, strict=True):
            self.incidents[incident_id] = replace(self.incidents[incident_id], number=number)

    def newest_of(self, group_key: str) -> Incident | None:
        return self.incidents.get(self.newest[group_key]) if group_key in self.newest else None

    def standing_on(self, service: str) -> list[Incident]:
        """Unresolved incidents of services that stand on this one."""
        return [
            incident
            for incident in self.incidents.values()
            if service in incident.upstream and not incident.resolved
        ]

    def repoint(self, child: UUID, root: UUID) -> None:
        """All alerts of one incident belong to another from now on."""
        self.merges.append((child, root))
        for alert in list(self.alerts.values()):
            if alert.incident_id == child:
                self.put_alert(replace(alert, incident_id=root))
