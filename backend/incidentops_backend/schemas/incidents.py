"""Alerts and incidents as JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from incidentops.domain.alerts import Alert, AlertStatus
from incidentops.domain.checklist import MEANING, Phase, Tick, ticked
from incidentops.domain.incidents import Incident, IncidentStatus, TimelineEntry, TimelineKind
from incidentops.domain.severity import Severity
from incidentops.ports.incidents import Statistics
from incidentops_backend.schemas.shape import Shape

NO_NUL = r"^[^\x00]*$"
"""Postgres' text has no NUL."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=NO_NUL)]
NoteText = Annotated[str, StringConstraints(max_length=10_000, pattern=NO_NUL)]
Who = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]


class AlertOut(Shape):
    """One deduplicated alert: from its first sighting to its end."""

    id: UUID
    source: str
    dedup_key: str
    fingerprint: str
    service: str
    name: str
    severity: Severity
    summary: str
    labels: dict[str, str]
    annotations: dict[str, str]
    status: AlertStatus
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    lease_until: datetime | None = Field(description="it counts as resolved when nothing is heard by then")
    count: int = Field(description="how often it was seen")
    flapping: bool
    incident_id: UUID


class AlertPageOut(Shape):
    items: list[AlertOut]
    next_cursor: str | None


class IncidentOut(Shape):
    """One incident; `number` is for people, `id` for programs, both work in every address."""

    id: UUID
    number: int
    title: str
    service: str
    severity: Severity
    status: IncidentStatus
    assignee: str | None
    team: str | None
    responders: list[str]
    created_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    last_alert_at: datetime
    alerts: int
    open_alerts: int
    mtta_seconds: float | None
    mttr_seconds: float | None
    answer_due_at: datetime = Field(description="by when somebody should have answered (seed 002)")
    rule: str = Field(description="the rule of correlation that opened it; empty when somebody did")
    merged_into: UUID | None
    reopened_from: UUID | None
    reopen_until: datetime | None = Field(description="until when it can be reopened as a new one")


class IncidentPageOut(BaseModel):
    items: list[IncidentOut]
    next_cursor: str | None


class TimelineEntryOut(Shape):
    at: datetime
    kind: TimelineKind
    actor: str
    text: str
    data: dict[str, str]


class PhaseOut(BaseModel):
    """One of the six phases of seed 002, and who said when that it is done."""

    phase: Phase
    meaning: str
    done_by: str | None
    done_at: datetime | None


class IncidentDetailOut(IncidentOut):
    """An incident with its story."""

    alert_list: list[AlertOut] = Field(description="the newest hundred of its alerts")
    timeline: list[TimelineEntryOut] = Field(description="oldest first, at most the newest 500 lines")
    notes: list[TimelineEntryOut]
    merged: list[IncidentOut] = Field(description="what was merged into it")
    upstream: list[str] = Field(description="what its service stood on when it began")
    checklist: list[PhaseOut]


class IncidentIn(BaseModel):
    """An incident opened by hand."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    service: Name
    severity: Severity
    team: Who | None = None
    assignee: Who | None = None
    notes: NoteText | None = None


class IncidentPatch(BaseModel):
    """What changes; what is left out stays. `notes` is added to the story."""

    model_config = ConfigDict(extra="forbid")

    status: IncidentStatus | None = None
    severity: Severity | None = None
    assignee: Who | None = Field(None, description="empty: nobody")
    team: Who | None = None
    notes: NoteText | None = None
    responders: Annotated[list[Name], Field(max_length=50)] | None = None
    checklist: dict[Phase, bool] = Field({}, description="phases that are done, or not yet after all")


class MergeIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    into: Annotated[str, Field(max_length=40, description="id or number of the incident it becomes part of")]


class IncidentMetricsOut(BaseModel):
    """MTTA and MTTR of one incident; null while it is not answered or resolved."""

    incident_id: UUID
    mtta_seconds: float | None
    mttr_seconds: float | None


class VolumeOut(Shape):
    at: datetime
    count: int
    mtta_seconds: float | None
    mttr_seconds: float | None


class NoiseOut(Shape):
    service: str
    incidents: int
    alerts: int


class StatisticsOut(Shape):
    """What happened in the period; merged incidents count once."""

    since: datetime
    until: datetime
    incidents: int
    unresolved: int
    alerts: int
    mtta_seconds: float | None
    mttr_seconds: float | None
    mtta_p95_seconds: float | None
    mttr_p95_seconds: float | None
    by_severity: dict[str, int]
    by_status: dict[str, int]
    volume: list[VolumeOut] = Field(description="by hour for two days or less, else by day")
    noisiest: list[NoiseOut]


def alert_out(alert: Alert) -> AlertOut:
    return AlertOut.model_validate(alert)


def incident_out(incident: Incident) -> IncidentOut:
    return IncidentOut.model_validate(incident)


def checklist_out(incident: Incident) -> list[PhaseOut]:
    """All phases; the first is done by the incident's being there."""
    detected = Tick(Phase.DETECT, "incidentops", incident.created_at)
    ticks = {phase: ticked((detected, *incident.checklist), phase) for phase in Phase}
    return [
        PhaseOut(
            phase=phase,
            meaning=MEANING[phase],
            done_by=tick.by if tick else None,
            done_at=tick.at if tick else None,
        )
        for phase, tick in ticks.items()
    ]


def timeline_out(entry: TimelineEntry) -> TimelineEntryOut:
    return TimelineEntryOut.model_validate(entry)


def statistics_out(statistics: Statistics, since: datetime, until: datetime) -> StatisticsOut:
    return StatisticsOut.model_validate(
        {name: getattr(statistics, name) for name in statistics.__dataclass_fields__}
        | {"since": since, "until": until}
    )
