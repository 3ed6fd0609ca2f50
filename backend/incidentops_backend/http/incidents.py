"""Incidents: list, read, open, edit, merge, numbers; and the incident queue of seed 000."""

from datetime import datetime, timedelta
from typing import Annotated

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from incidentops.domain.incidents import Edit, Incident, IncidentStatus, TimelineKind
from incidentops.domain.severity import Severity
from incidentops.ports import Clock, IncidentStore
from incidentops.ports.incidents import AlertFilter, IncidentFilter
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.http.services import WriteHeader
from incidentops_backend.schemas.incidents import (
    IncidentDetailOut,
    IncidentIn,
    IncidentMetricsOut,
    IncidentOut,
    IncidentPageOut,
    IncidentPatch,
    MergeIn,
    StatisticsOut,
    alert_out,
    checklist_out,
    incident_out,
    statistics_out,
    timeline_out,
)
from incidentops_backend.schemas.instants import Instant
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.incidents.desk import IncidentDesk, NewIncident

TAG = Tag(name="incidents", description="What people work on: opened by alerts or by hand")
_ALERTS_SHOWN = 100
_DEFAULT_PERIOD = timedelta(days=30)
_LONGEST_PERIOD = timedelta(days=366)


class IncidentPath(BaseModel):
    """Which incident: its id or its number."""

    reference: Annotated[str, Field(max_length=40)]


class IncidentQuery(Parameters):
    """Which incidents; what is left out means any. `status` may be given several times."""

    status: list[IncidentStatus] | None = None
    severity: Severity | None = None
    service: Annotated[str | None, Field(max_length=200)] = None
    team: Annotated[str | None, Field(max_length=200)] = None
    assignee: Annotated[str | None, Field(max_length=200)] = None
    since: Instant | None = None
    until: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str | None, Field(max_length=40, description="`next_cursor` of the page before")] = None

    def where(self) -> IncidentFilter:
        return IncidentFilter(
            statuses=tuple(self.status) if self.status else None,
            severity=self.severity,
            service=self.service,
            team=self.team,
            assignee=self.assignee,
            since=self.since,
            until=self.until,
        )


class PeriodQuery(Parameters):
    """A period of at most a year; by default the last thirty days."""

    since: Instant | None = None
    until: Instant | None = None


def incidents_routes(store: IncidentStore, desk: IncidentDesk, clock: Clock) -> APIBlueprint:
    """`/api/v1/incidents…`."""
    api = APIBlueprint(
        "incidents", __name__, abp_tags=[TAG], abp_responses={404: Problem, 422: Problem, 503: Problem}
    )

    @api.get("/api/v1/incidents", responses={200: IncidentPageOut})
    def list_incidents(query: IncidentQuery) -> Response:
        """Incidents, newest first, page by page."""
        try:
            page = store.incidents(query.where(), limit=query.limit, cursor=query.cursor)
        except ValueError as error:
            return problem(422, f"cursor: {error}", kind="invalid-request")
        answer = IncidentPageOut(
            items=[incident_out(item) for item in page.items], next_cursor=page.next_cursor
        )
        return jsonify(answer.model_dump(mode="json"))

    @api.post("/api/v1/incidents", responses={200: IncidentOut, 201: IncidentOut})
    def open_incident(body: IncidentIn, header: WriteHeader) -> tuple[Response, int]:
        """Open an incident by hand."""
        incident = desk.open(_new(body), current_actor().name, header.idempotency_key)
        return _answer(incident), 201

    @api.get("/api/v1/incidents/<reference>", responses={200: IncidentDetailOut})
    def get_incident(path: IncidentPath) -> Response:
        """One incident with its alerts, notes and timeline."""
        return jsonify(_detail(store, desk.known(path.reference)).model_dump(mode="json"))

    @api.patch("/api/v1/incidents/<reference>", responses={200: IncidentOut, 409: Problem})
    def edit_incident(path: IncidentPath, body: IncidentPatch) -> Response:
        """Change status, severity, assignee, team or responders, add a note, tick a phase of the checklist."""
        return _answer(desk.edit(path.reference, _edit(body, clock.now())))

    @api.post("/api/v1/incidents/<reference>/merge", responses={200: IncidentOut, 409: Problem})
    def merge_incident(path: IncidentPath, body: MergeIn) -> Response:
        """Make this incident part of another, which is answered."""
        return _answer(desk.merge(path.reference, body.into, current_actor().name))

    return api


def statistics_routes(store: IncidentStore, desk: IncidentDesk, clock: Clock) -> APIBlueprint:
    """`/api/v1/incidents/stats/summary` and `/api/v1/incidents/<reference>/metrics`."""
    api = APIBlueprint(
        "statistics", __name__, abp_tags=[TAG], abp_responses={404: Problem, 422: Problem, 503: Problem}
    )

    @api.get("/api/v1/incidents/stats/summary", responses={200: StatisticsOut})
    def summary(query: PeriodQuery) -> Response:
        """Volume, MTTA, MTTR and the noisiest services of a period."""
        until = query.until or clock.now()
        since = query.since or until - _DEFAULT_PERIOD
        if not timedelta(0) < until - since <= _LONGEST_PERIOD:
            return problem(422, "since: before until, by a year at most", kind="invalid-request")
        answer = statistics_out(store.statistics(since, until), since, until)
        return jsonify(answer.model_dump(mode="json"))

    @api.get("/api/v1/incidents/<reference>/metrics", responses={200: IncidentMetricsOut})
    def incident_metrics(path: IncidentPath) -> Response:
        """MTTA and MTTR of one incident, in seconds."""
        incident = desk.known(path.reference)
        answer = IncidentMetricsOut(
            incident_id=incident.id, mtta_seconds=incident.mtta_seconds, mttr_seconds=incident.mttr_seconds
        )
        return jsonify(answer.model_dump(mode="json"))

    return api


class QueuedOut(BaseModel):
    """An incident as the queue of seed 000 knows it."""

    incident_id: str
    number: int
    title: str
    service: str
    severity: Severity
    status: str = Field(description="queued, resolved")
    created_at: datetime


def queue_routes(store: IncidentStore, desk: IncidentDesk) -> APIBlueprint:
    """`POST /incidents` and `GET /incidents` (seed 000)."""
    api = APIBlueprint("incident_queue", __name__, abp_tags=[TAG], abp_responses={422: Problem, 503: Problem})

    @api.post("/incidents", responses={200: QueuedOut, 201: QueuedOut})
    def queue_incident(body: IncidentIn, header: WriteHeader) -> tuple[Response, int]:
        """Hand in an incident to be worked on."""
        incident = desk.open(_new(body), current_actor().name, header.idempotency_key)
        return jsonify(_queued(incident).model_dump(mode="json")), 201

    @api.get("/incidents", responses={200: QueuedOut})
    def list_queue() -> Response:
        """The newest hundred incidents with what became of each."""
        page = store.incidents(IncidentFilter(), limit=100)
        return jsonify([_queued(item).model_dump(mode="json") for item in page.items])

    return api


def _queued(incident: Incident) -> QueuedOut:
    return QueuedOut(
        incident_id=str(incident.id),
        number=incident.number,
        title=incident.title,
        service=incident.service,
        severity=incident.severity,
        status="resolved" if incident.resolved else "queued",
        created_at=incident.created_at,
    )


def _new(body: IncidentIn) -> NewIncident:
    return NewIncident(body.title, body.service, body.severity, body.team, body.assignee, body.notes)


def _edit(body: IncidentPatch, at: datetime) -> Edit:
    return Edit(
        actor=current_actor().name,
        at=at,
        status=body.status,
        severity=body.severity,
        assignee=body.assignee,
        team=body.team,
        note=body.notes,
        responders=tuple(dict.fromkeys(body.responders)) if body.responders is not None else None,
        phases=body.checklist,
    )


def _answer(incident: Incident) -> Response:
    return jsonify(incident_out(incident).model_dump(mode="json"))


def _detail(store: IncidentStore, incident: Incident) -> IncidentDetailOut:
    timeline = [timeline_out(entry) for entry in store.timeline(incident.id)]
    alerts = store.alerts(AlertFilter(incident_id=incident.id), limit=_ALERTS_SHOWN).items
    return IncidentDetailOut(
        **incident_out(incident).model_dump(),
        alert_list=[alert_out(alert) for alert in alerts],
        timeline=timeline,
        notes=[entry for entry in timeline if entry.kind is TimelineKind.NOTE],
        merged=[incident_out(item) for item in store.merged(incident.id)],
        upstream=list(incident.upstream),
        checklist=checklist_out(incident),
    )
