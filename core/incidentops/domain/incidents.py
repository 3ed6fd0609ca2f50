"""Incidents: what people work on. The status machine, the timeline, and what may be edited."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct
from msgspec import field as struct_field

from incidentops.domain.checklist import Phase, Tick
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.severity import Severity


class IncidentStatus(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"


LEGAL: Mapping[IncidentStatus, tuple[IncidentStatus, ...]] = {
    IncidentStatus.OPEN: (IncidentStatus.ACKNOWLEDGED, IncidentStatus.RESOLVED),
    IncidentStatus.ACKNOWLEDGED: (IncidentStatus.IN_PROGRESS, IncidentStatus.RESOLVED),
    IncidentStatus.IN_PROGRESS: (IncidentStatus.RESOLVED,),
    IncidentStatus.RESOLVED: (),
}
"""Where an incident may go from each status (seed 003)."""


class IllegalTransition(IncidentOpsError):
    """The status machine has no such step; `legal` are those it has from here."""

    def __init__(self, number: int, now: IncidentStatus, wanted: IncidentStatus) -> None:
        self.legal = LEGAL[now]
        steps = ", ".join(self.legal) or "nothing: a resolved incident comes back as a new one"
        super().__init__(f"Incident {number} is {now} and cannot become {wanted}. From here: {steps}.")


class UnknownIncident(IncidentOpsError):
    """No incident has this id or number."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"There is no incident {reference}.")


class IncidentRefused(IncidentOpsError):
    """What is asked of the incident makes no sense in its state; the text says why."""


class ChangeKind(StrEnum):
    """What happened to an incident that people must hear of."""

    CREATED = "created"
    ESCALATED = "escalated"
    """Its severity became worse."""
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class IncidentChange(Struct, frozen=True, gc=False):
    """One row of `incident_changes`: the outbox that on-call and notifications work from."""

    incident_id: UUID
    kind: ChangeKind
    at: datetime


class TimelineKind(StrEnum):
    CREATED = "created"
    ALERT = "alert"
    ALERT_RESOLVED = "alert_resolved"
    STATUS = "status"
    SEVERITY = "severity"
    ASSIGNED = "assigned"
    RESPONDERS = "responders"
    NOTE = "note"
    MERGED = "merged"
    LINKED = "linked"
    CHECKLIST = "checklist"
    PAGE = "page"
    """Written by on-call: who was paged, and what became of it."""


class TimelineEntry(Struct, frozen=True, gc=False):
    """One line of an incident's story; written once, never changed. `data` holds what a program may want."""

    incident_id: UUID
    at: datetime
    kind: TimelineKind
    actor: str
    text: str
    data: Mapping[str, str] = struct_field(default_factory=dict)


REOPEN_GRACE = timedelta(minutes=10)
"""A problem that comes back this soon after its incident was resolved is a new incident linked to that one."""


class Incident(Struct, frozen=True, gc=False):
    """`number` is for people, `id` for programs. `group_key` says which alerts join it (domain/correlation);
    `last_alert_at` is the newest sighting of any of them; `settle_at`: all have ended, but they flap, so that it
    is resolved then, unless one comes back. `merged_into`: what it was part of all along. `reopened_from`: the
    incident that was resolved shortly before with the same group key. `checklist`: the phases that were ticked."""

    id: UUID
    number: int
    title: str
    service: str
    severity: Severity
    status: IncidentStatus
    created_at: datetime
    group_key: str
    last_alert_at: datetime
    rule: str = ""
    assignee: str | None = None
    team: str | None = None
    responders: tuple[str, ...] = ()
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    settle_at: datetime | None = None
    alerts: int = 0
    open_alerts: int = 0
    upstream: tuple[str, ...] = ()
    merged_into: UUID | None = None
    reopened_from: UUID | None = None
    checklist: tuple[Tick, ...] = ()

    @property
    def resolved(self) -> bool:
        return self.status is IncidentStatus.RESOLVED

    @property
    def answer_due_at(self) -> datetime:
        """By when somebody should have answered."""
        return self.created_at + timedelta(seconds=self.severity.answer_seconds)

    @property
    def reopen_until(self) -> datetime | None:
        """Until when the same problem is a new incident linked to this one; None while this is unresolved, and when it
        is part of another."""
        if self.resolved_at is None or self.merged_into is not None:
            return None
        return self.resolved_at + REOPEN_GRACE

    @property
    def mtta_seconds(self) -> float | None:
        """From its creation to the first answer; an incident resolved without one was answered then."""
        answered = self.acknowledged_at or self.resolved_at
        return (answered - self.created_at).total_seconds() if answered else None

    @property
    def mttr_seconds(self) -> float | None:
        """From its creation to its resolution."""
        return (self.resolved_at - self.created_at).total_seconds() if self.resolved_at else None


class Edit(Struct, frozen=True):
    """What a person, or a program in a person's name, changes; None leaves it as it is. An empty assignee means
    nobody. `note` is added, never replaced. `phases`: which are done, and which no longer."""

    actor: str
    at: datetime
    status: IncidentStatus | None = None
    severity: Severity | None = None
    assignee: str | None = None
    team: str | None = None
    responders: tuple[str, ...] | None = None
    note: str | None = None
    phases: Mapping[Phase, bool] = struct_field(default_factory=dict)


@dataclass(slots=True)
class Edited:
    """An incident after an edit, and what must be written with it. `ends_alerts`: its open alerts end too."""

    incident: Incident
    timeline: list[TimelineEntry] = field(default_factory=list)
    changes: list[IncidentChange] = field(default_factory=list)
    ends_alerts: bool = False
