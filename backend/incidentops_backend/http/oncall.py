"""Teams, users, schedules, escalation policies; who is on call; escalating by hand (seed 003)."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.incidents import Incident
from incidentops.domain.oncall.escalations import Escalation
from incidentops.domain.oncall.schedules import Override, Schedule, Shift
from incidentops.ports import Clock
from incidentops.ports.escalations import Escalations
from incidentops.ports.incidents import IncidentStore
from incidentops_backend.http.entries import EntryPath, entry_routes, install_entry_problems
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.oncall_kinds import POLICIES, SCHEDULES, TEAMS, USERS, schedule_of
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.instants import Instant
from incidentops_backend.schemas.oncall import (
    CurrentOut,
    EscalateIn,
    EscalationOut,
    LayerShiftsOut,
    Name,
    OnCallOut,
    OverrideIn,
    ScheduleIn,
    ScheduleOut,
    ShiftOut,
    TimelineOut,
)
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.oncall.book import (
    OnCallBook,
)
from incidentops_backend.use_cases.oncall.calendar import calendar_of
from incidentops_backend.use_cases.oncall.current import OnCall, OnCallReader

_TAG = Tag(name="on-call", description="Who is on call, and who is paged after whom")
_PROBLEMS: dict[Any, Any] = {409: Problem, 422: Problem, 503: Problem}


class NothingToEscalate(IncidentOpsError):
    """The incident has no escalation that could go on."""


class CurrentQuery(Parameters):
    """Of which team; without it, of all."""

    team: Name | None = None


class StretchQuery(Parameters):
    """From when (default: now), how many days."""

    start: Instant | None = None
    days: Annotated[int, Field(ge=1, le=92)] = 14


class OverrideQuery(Parameters):
    """Which override to take back."""

    user: Name
    start: Instant


class IncidentPath(BaseModel):
    """By id or number."""

    incident: Annotated[str, Field(min_length=1, max_length=40)]


def oncall_routes(
    *,
    book: OnCallBook,
    reader: OnCallReader,
    escalations: Escalations,
    incidents: IncidentStore,
    clock: Clock,
    hurry: Callable[[], None],
) -> APIBlueprint:
    """`/api/v1/teams`, `/users`, `/schedules`, `/escalation-policies`, `/oncall/current`, `/escalate`."""
    api = APIBlueprint("oncall", __name__, abp_tags=[_TAG], abp_responses=_PROBLEMS)
    install_entry_problems(api)
    entry_routes(api, book, TEAMS)
    entry_routes(api, book, USERS)
    entry_routes(api, book, SCHEDULES)
    entry_routes(api, book, POLICIES)
    _schedule_routes(api, book, clock)
    _escalation_routes(api, escalations, incidents, clock, hurry)

    @api.get("/api/v1/oncall/current", responses={200: CurrentOut, 404: Problem})
    def get_current(query: CurrentQuery) -> Response:
        """Who is on call now, schedule by schedule, and until when."""
        at, found = reader.now(query.team)
        primary = found[0].shift.user if found else None
        current = CurrentOut(
            team=query.team, at=at, primary=primary, on_call=tuple(_on_call_out(item) for item in found)
        )
        return jsonify(current.model_dump(mode="json"))

    return api


def _schedule_routes(api: APIBlueprint, book: OnCallBook, clock: Clock) -> None:
    @api.post("/api/v1/schedules/preview", responses={200: TimelineOut})
    def preview_schedule(query: StretchQuery, body: ScheduleIn) -> Response:
        """Who would be on call, and the gaps, before anything is saved."""
        return _timeline(schedule_of(body), query, clock)

    @api.get("/api/v1/schedules/<name>/timeline", responses={200: TimelineOut, 404: Problem})
    def get_timeline(path: EntryPath, query: StretchQuery) -> Response:
        """Who is on call when."""
        return _timeline(book.get(Schedule, path.name).entry, query, clock)

    @api.get(
        "/api/v1/schedules/<name>/calendar.ics",
        responses={200: {"content": {"text/calendar": {}}}, 404: Problem},
    )
    def get_calendar(path: EntryPath) -> Response:
        """The schedule for calendar programs."""
        schedule = book.get(Schedule, path.name).entry
        return Response(calendar_of(schedule, clock.now()), content_type="text/calendar; charset=utf-8")

    @api.post("/api/v1/schedules/<name>/overrides", responses={200: ScheduleOut, 404: Problem})
    def add_override(path: EntryPath, body: OverrideIn) -> Response:
        """Put somebody on call for a while, above every layer."""
        override = Override(body.user, body.start, body.end, body.reason)
        return _schedule_answer(book.override(path.name, override, current_actor().name).entry.name, book)

    @api.delete("/api/v1/schedules/<name>/overrides", responses={200: ScheduleOut, 404: Problem})
    def remove_override(path: EntryPath, query: OverrideQuery) -> Response:
        """Take an override back."""
        book.drop_override(path.name, query.user, query.start, current_actor().name)
        return _schedule_answer(path.name, book)


def _escalation_routes(
    api: APIBlueprint,
    escalations: Escalations,
    incidents: IncidentStore,
    clock: Clock,
    hurry: Callable[[], None],
) -> None:
    def answer(escalation: Escalation | None, incident: Incident) -> Response:
        if escalation is None:
            raise NothingToEscalate(f"Incident {incident.number} has no escalation: nobody is paged for it.")
        return jsonify(_escalation_out(escalation).model_dump(mode="json"))

    @api.post("/api/v1/escalate", responses={200: EscalationOut, 404: Problem})
    def escalate(body: EscalateIn) -> Response:
        """Page the next step of an incident's policy now, also after an acknowledgement (seed 003)."""
        incident = incidents.incident(_reference(body.incident_id))
        hurried = escalations.hurry(incident.id, clock.now())
        hurry()
        return answer(hurried, incident)

    @api.get("/api/v1/escalations/<incident>", responses={200: EscalationOut, 404: Problem})
    def get_escalation(path: IncidentPath) -> Response:
        """Where an incident stands in its policy."""
        incident = incidents.incident(_reference(path.incident))
        return answer(escalations.find(incident.id), incident)


def _reference(text: str) -> UUID | int:
    try:
        return int(text) if text.isdecimal() else UUID(text)
    except ValueError:
        return -1  # there is no such number either


def _timeline(schedule: Schedule, query: StretchQuery, clock: Clock) -> Response:
    start = query.start or clock.now()
    end = start + timedelta(days=query.days)
    shifts = _shifts_out(schedule.timeline(start, end))
    answer = TimelineOut(
        shifts=shifts,
        gaps=tuple(shift for shift in shifts if shift.user is None),
        layers=tuple(
            LayerShiftsOut(name=layer.name, shifts=_shifts_out(schedule.shifts_of(layer, start, end)))
            for layer in schedule.layers
        ),
    )
    return jsonify(answer.model_dump(mode="json"))


def _shifts_out(shifts: Iterable[Shift]) -> tuple[ShiftOut, ...]:
    return tuple(ShiftOut.model_validate(shift) for shift in shifts)


def _schedule_answer(name: str, book: OnCallBook) -> Response:
    kept = book.get(Schedule, name)
    document = SCHEDULES.to_json(kept) | {
        "revision": kept.revision,
        "changed_by": kept.changed_by,
        "changed_at": kept.changed_at,
    }
    return jsonify(ScheduleOut.model_validate(document).model_dump(mode="json"))


def _on_call_out(item: OnCall) -> OnCallOut:
    return OnCallOut(
        schedule=item.schedule.name,
        team=item.schedule.team,
        user=item.shift.user,
        full_name=item.user.full_name if item.user else "",
        role=item.user.role if item.user else "",
        layer=item.shift.layer,
        until=item.shift.end,
    )


def _escalation_out(escalation: Escalation) -> EscalationOut:
    return EscalationOut(
        incident_id=str(escalation.incident_id),
        number=escalation.number,
        team=escalation.team,
        policy=escalation.policy.name,
        state=escalation.state.value,
        step=escalation.step + 1,
        steps=len(escalation.policy.steps),
        round=escalation.round + 1,
        due_at=escalation.due_at,
        suppressed=escalation.suppressed,
    )
