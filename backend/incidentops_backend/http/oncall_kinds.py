"""Each kind of entry on the wire: from its shape to the domain and back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter

from incidentops.domain.notifications.redaction import redacted_target, unredacted
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy
from incidentops.domain.oncall.schedules import Schedule
from incidentops.domain.suppression.silences import Silence
from incidentops.domain.suppression.windows import MaintenanceWindow
from incidentops.ports import Clock
from incidentops.ports.oncall import Kept
from incidentops_backend.http.entries import EntryKind
from incidentops_backend.schemas.oncall import (
    Document,
    PolicyIn,
    PolicyOut,
    ScheduleIn,
    ScheduleOut,
    SilenceIn,
    SilenceOut,
    TeamIn,
    TeamOut,
    UserIn,
    UserOut,
    WindowIn,
    WindowOut,
)
from incidentops_backend.use_cases.oncall.book import IncompleteTarget

_USER, _TEAM, _SCHEDULE = TypeAdapter(User), TypeAdapter(Team), TypeAdapter(Schedule)
_POLICY, _WINDOW, _SILENCE = (
    TypeAdapter(EscalationPolicy),
    TypeAdapter(MaintenanceWindow),
    TypeAdapter(Silence),
)


def team_of(body: BaseModel) -> Team:
    return _TEAM.validate_python(body.model_dump())


def schedule_of(body: BaseModel) -> Schedule:
    return _SCHEDULE.validate_python(body.model_dump())


USERS: EntryKind[User] = EntryKind(
    User,
    "users",
    "user",
    UserIn,
    UserOut,
    lambda body, _, present: _user_of(body, present),
    lambda kept: _user_json(kept.entry),
)
TEAMS: EntryKind[Team] = EntryKind(
    Team,
    "teams",
    "team",
    TeamIn,
    TeamOut,
    lambda body, *_: team_of(body),
    lambda kept: _dumped(_TEAM, kept.entry),
)
SCHEDULES: EntryKind[Schedule] = EntryKind(
    Schedule,
    "schedules",
    "schedule",
    ScheduleIn,
    ScheduleOut,
    lambda body, *_: schedule_of(body),
    lambda kept: _dumped(_SCHEDULE, kept.entry),
)
POLICIES: EntryKind[EscalationPolicy] = EntryKind(
    EscalationPolicy,
    "escalation-policies",
    "escalation policy",
    PolicyIn,
    PolicyOut,
    lambda body, *_: policy_of(cast("PolicyIn", body)),
    lambda kept: _policy_json(kept.entry),
)


def windows(clock: Clock) -> EntryKind[MaintenanceWindow]:
    """Maintenance windows, shown with whether they are open now."""
    return EntryKind(
        MaintenanceWindow,
        "maintenance-windows",
        "maintenance window",
        WindowIn,
        WindowOut,
        lambda body, _, present: _window_of(body, present),
        lambda kept: _dumped(_WINDOW, kept.entry) | {"open_until": kept.entry.open_until(clock.now())},
    )


def silences(clock: Clock) -> EntryKind[Silence]:
    """Silences, shown with whether they hold now."""

    def to_json(kept: Kept[Silence]) -> Document:
        active = kept.entry.start <= clock.now() < kept.entry.end
        return _dumped(_SILENCE, kept.entry) | {"active": active}

    return EntryKind(
        Silence,
        "silences",
        "silence",
        SilenceIn,
        SilenceOut,
        lambda body, actor, _: _SILENCE.validate_python(body.model_dump() | {"created_by": actor}),
        to_json,
    )


def _user_of(body: BaseModel, present: User | None) -> User:
    user = _USER.validate_python(body.model_dump())
    known = present.methods if present else ()
    try:
        methods = tuple(unredacted(method, known) for method in user.methods)
    except ValueError as error:
        raise IncompleteTarget(str(error)) from None
    return _USER.validate_python(body.model_dump() | {"methods": methods})


def _window_of(body: BaseModel, present: MaintenanceWindow | None) -> MaintenanceWindow:
    """Other times are a new beginning: what was ended by hand stays ended under the same ones only."""
    window: MaintenanceWindow = _WINDOW.validate_python(body.model_dump())
    if present is None or _times(window) != _times(present):
        return window
    return replace(window, ended_at=present.ended_at)


def _times(window: MaintenanceWindow) -> tuple[object, ...]:
    return window.start, window.end, window.zone, window.repeat


def _user_json(user: User) -> Document:
    document = _dumped(_USER, user)
    for method in document["methods"]:
        method["target"] = redacted_target(method["target"])
    return document


def policy_of(body: PolicyIn) -> EscalationPolicy:
    document = body.model_dump(exclude={"steps", "ack_timeout_seconds"})
    document["steps"] = [
        {"targets": step.model_dump()["targets"], "wait": timedelta(seconds=step.wait_seconds)}
        for step in body.steps
    ]
    timeout = body.ack_timeout_seconds
    document["ack_timeout"] = timedelta(seconds=timeout) if timeout else None
    return _POLICY.validate_python(document)


def _policy_json(policy: EscalationPolicy) -> Document:
    document = _dumped(_POLICY, policy)
    for shown, step in zip(document["steps"], policy.steps, strict=True):
        shown["wait_seconds"] = int(step.wait.total_seconds())
        del shown["wait"]
    del document["ack_timeout"]
    return document | {"ack_timeout_seconds": policy.ack_timeout and int(policy.ack_timeout.total_seconds())}


def _dumped(adapter: TypeAdapter[Any], entry: object) -> Document:
    return cast("Document", adapter.dump_python(entry, mode="json"))
