"""People, teams, schedules, policies, windows and silences as JSON."""

import re
from datetime import datetime, time, timedelta
from functools import cache
from typing import Annotated, Any, Literal, Self
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from incidentops.domain.notifications.contacts import NEEDS_NO_TARGET, Channel, Urgency
from incidentops.domain.oncall.policies import TargetKind
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.patterns import BadPattern, compiled
from incidentops.domain.suppression.windows import Repeat
from incidentops_backend.schemas.incidents import NO_NUL
from incidentops_backend.schemas.instants import Day, Instant, Timestamp, WallClock
from incidentops_backend.schemas.shape import Shape

_LONGEST_WAIT = 7 * 24 * 3600
_LONGEST_OVERRIDE = timedelta(days=366)
_BY_URL = frozenset({Channel.WEBHOOK, Channel.SLACK, Channel.NTFY})


@cache
def _zones() -> frozenset[str]:
    """Looked up once: each look reads a thousand files."""
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"{name!r} is no IANA time zone, such as Europe/Berlin")
    return name


Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$",
        description="lower-case letters, digits, `.`, `_` and `-`; what others name it by",
    ),
]
Text = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
Target = Annotated[str, Field(max_length=1000, pattern=NO_NUL)]
Zone = Annotated[str, AfterValidator(_known_zone), Field(description="an IANA time zone")]

Document = dict[str, Any]
"""JSON as it goes out."""


class Strict(BaseModel):
    """Unknown fields are mistakes."""

    model_config = ConfigDict(extra="forbid")


def refuse_unfit(channel: Channel, target: str) -> None:
    """Raises ValueError when the target is none that the channel could send to."""
    if channel is Channel.EMAIL and not re.fullmatch(r"[^@\s]+@[^@\s]+", target):
        raise ValueError("an email method needs an address as its target")
    if channel in _BY_URL and not re.match(r"https?://[^/\s]", target):
        raise ValueError(f"a {channel} method needs an http:// or https:// URL as its target")
    if channel not in NEEDS_NO_TARGET and not target:
        raise ValueError(f"a {channel} method needs a target")


class ContactMethodIn(Strict):
    """A channel and where it leads. A target shown with `…` may be sent back as it was shown: it stays."""

    channel: Channel
    target: Target = Field(default="", validate_default=True)
    urgencies: Annotated[tuple[Urgency, ...], Field(min_length=1, max_length=2)] = (Urgency.HIGH, Urgency.LOW)

    @field_validator("target")
    @classmethod
    def _target_fits(cls, target: str, info: ValidationInfo) -> str:
        if channel := info.data.get("channel"):
            refuse_unfit(channel, target)
        return target


class WeeklyHoursIn(Strict):
    """Wall clock hours; an end not after the start lies on the next day. Monday is 0."""

    start: time
    end: time
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1, max_length=7)] = (
        0,
        1,
        2,
        3,
        4,
        5,
        6,
    )


class UserIn(Strict):
    """Somebody who can be told something: a person, a chat channel, a ticket queue."""

    name: Name
    full_name: Text = ""
    role: Text = ""
    zone: Zone = "UTC"
    methods: Annotated[tuple[ContactMethodIn, ...], Field(max_length=20)] = ()
    quiet: WeeklyHoursIn | None = Field(
        default=None, description="messages of low urgency wait for their end"
    )


class TeamIn(Strict):
    """Who answers for which services; without services, for all that no other team names."""

    name: Name
    description: Text = ""
    members: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    services: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)], ...], Field(max_length=500)
    ] = ()
    policies: dict[Severity, Name] = Field(default_factory=dict, description="escalation policy by severity")


class RotationIn(Strict):
    """People who take turns of `days` days, handed over at the same wall clock time."""

    users: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]
    starts_on: Day
    handoff: time = time(9, 0)
    days: Annotated[int, Field(ge=1, le=366)] = 7


class LayerIn(Strict):
    """Later layers stand above earlier ones, in their hours."""

    name: Text
    rotation: RotationIn
    hours: WeeklyHoursIn | None = None


class OverrideIn(Strict):
    """One person for a stretch of time, above every layer."""

    user: Name
    start: Instant
    end: Instant
    reason: Text = ""

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if not timedelta(0) < self.end - self.start <= _LONGEST_OVERRIDE:
            raise ValueError("an override ends after it starts, within a year")
        return self


class ScheduleIn(Strict):
    """Who is on call when."""

    name: Name
    team: Name
    zone: Zone = "UTC"
    layers: Annotated[tuple[LayerIn, ...], Field(min_length=1, max_length=10)]
    overrides: Annotated[tuple[OverrideIn, ...], Field(max_length=200)] = ()
    description: Text = ""


class TargetIn(Strict):
    """A user, or whoever a schedule has on call."""

    kind: TargetKind
    name: Name


class StepIn(Strict):
    """Page all targets, then wait for an acknowledgement."""

    targets: Annotated[tuple[TargetIn, ...], Field(min_length=1, max_length=20)]
    wait_seconds: Annotated[int, Field(ge=10, le=_LONGEST_WAIT)]


class PolicyIn(Strict):
    """Steps in order, gone through once and then `repeat` times more."""

    name: Name
    steps: Annotated[tuple[StepIn, ...], Field(min_length=1, max_length=20)]
    repeat: Annotated[int, Field(ge=0, le=20)] = 0
    ack_timeout_seconds: Annotated[int | None, Field(ge=60, le=_LONGEST_WAIT)] = None
    description: Text = ""


class WindowIn(Strict):
    """No pages from `start` to `end`, wall clock times of `zone`; for everything when neither services nor
    groups are named."""

    name: Name
    start: WallClock
    end: WallClock
    zone: Zone = "UTC"
    repeat: Repeat = Repeat.ONCE
    services: Annotated[tuple[Text, ...], Field(max_length=500)] = ()
    groups: Annotated[tuple[Text, ...], Field(max_length=100)] = ()
    reason: Text = ""

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if not timedelta(0) < self.end - self.start <= timedelta(days=31):
            raise ValueError("a window ends after it starts, within 31 days")
        return self


class MatcherIn(Strict):
    """A condition on a label, as Alertmanager has them."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    value: Annotated[str, Field(max_length=200, pattern=NO_NUL)]
    equal: bool = True
    regex: bool = False

    @model_validator(mode="after")
    def _can_be_matched(self) -> Self:
        if self.regex:
            try:
                compiled(self.value)
            except BadPattern as error:
                raise ValueError(f"no regular expression: {error}") from error
        return self


class SilenceIn(Strict):
    """No pages for what fits every matcher."""

    name: Name
    matchers: Annotated[tuple[MatcherIn, ...], Field(min_length=1, max_length=20)]
    start: Timestamp
    end: Timestamp
    comment: Text = ""

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a silence ends after it starts")
        return self


class Kept(BaseModel):
    """What the server adds to an entry."""

    revision: int
    changed_by: str
    changed_at: datetime


class UserOut(UserIn, Kept):
    model_config = ConfigDict(extra="ignore")


class TeamOut(TeamIn, Kept):
    model_config = ConfigDict(extra="ignore")


class ScheduleOut(ScheduleIn, Kept):
    model_config = ConfigDict(extra="ignore")


class PolicyOut(PolicyIn, Kept):
    model_config = ConfigDict(extra="ignore")


class WindowOut(WindowIn, Kept):
    model_config = ConfigDict(extra="ignore")
    open_until: datetime | None = Field(default=None, description="set while it keeps pages back")


class SilenceOut(SilenceIn, Kept):
    model_config = ConfigDict(extra="ignore")
    created_by: str
    active: bool


class ShiftOut(Shape):
    """Who is on call from `start` to `end`; nobody in a gap."""

    start: datetime
    end: datetime
    user: str | None
    layer: str | None


class LayerShiftsOut(BaseModel):
    """Whom one layer alone has on call; without the hours in which it has nobody."""

    name: str
    shifts: tuple[ShiftOut, ...]


class TimelineOut(BaseModel):
    """Every shift of a stretch of time in order, its gaps once more, and each layer for itself."""

    shifts: tuple[ShiftOut, ...]
    gaps: tuple[ShiftOut, ...]
    layers: tuple[LayerShiftsOut, ...]


class OnCallOut(BaseModel):
    """Who is on call by one schedule, and until when."""

    schedule: str
    team: str
    user: str | None
    full_name: str
    role: str
    layer: str | None
    until: datetime


class CurrentOut(BaseModel):
    """Who is on call now. `primary` is the first schedule's."""

    team: str | None
    at: datetime
    primary: str | None
    on_call: tuple[OnCallOut, ...]


class EscalateIn(Strict):
    """Which incident, by id or number."""

    incident_id: Annotated[str, Field(min_length=1, max_length=40)]


class EscalationOut(BaseModel):
    """Where an incident stands in its policy; `step` and `round` count from 1."""

    incident_id: str
    number: int
    team: str | None
    policy: str
    state: Literal["running", "acknowledged", "exhausted", "ended"]
    step: int
    steps: int
    round: int
    due_at: datetime | None
    suppressed: str | None
