"""When an experiment runs by itself: by cron, or at a random moment of the working hours."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from incidentops.domain.experiments.document import Part
from incidentops.domain.experiments.experiment import ExperimentName

MISSED_SECONDS = 300.0
"""A moment that is longer ago than this has been missed: harm that comes late surprises."""

MAX_LEFT_OUT = 5
_LOOK_AHEAD_DAYS = 8


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("expected a time zone of the IANA database, such as Europe/Berlin") from error
    return name


def _wall_clock(moment: time) -> time:
    if moment.tzinfo is not None:
        raise ValueError("expected a time of day without an offset: time_zone says where")
    return moment


WallClock = Annotated[time, AfterValidator(_wall_clock)]
Zone = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_zone)]
Weekday = Annotated[int, Field(ge=1, le=7, description="1 is Monday")]


class CronTiming(Part):
    """Five fields, read as Debian's cron does, in a time zone."""

    type: Literal["cron"] = "cron"
    cron: Annotated[str, Field(min_length=9, max_length=200)]
    time_zone: Zone = "UTC"

    @model_validator(mode="after")
    def _readable(self) -> "CronTiming":
        try:
            CronSim(self.cron, datetime(2026, 1, 1))  # noqa: DTZ001 - any moment will do to read the fields
        except CronSimError as error:
            raise ValueError(f"not a cron expression: {error}") from error
        return self

    def next_after(self, moment: datetime) -> datetime:
        """The next moment, in UTC."""
        found: datetime = next(CronSim(self.cron, moment.astimezone(ZoneInfo(self.time_zone))))
        return found.astimezone(ZoneInfo("UTC"))


class RandomTiming(Part):
    """Once on each of these weekdays, at a moment between `begin` and `end` that only the seed knows."""

    type: Literal["random"] = "random"
    seed: Annotated[int, Field(ge=0, le=2**31)]
    begin: WallClock = time(9)
    end: WallClock = time(17)
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)] = (1, 2, 3, 4, 5)
    time_zone: Zone = "UTC"

    @model_validator(mode="after")
    def _is_a_span(self) -> "RandomTiming":
        if self.begin >= self.end:
            raise ValueError("begin is not before end")
        return self

    def next_after(self, moment: datetime) -> datetime:
        """The next moment, in UTC."""
        zone = ZoneInfo(self.time_zone)
        today = moment.astimezone(zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD_DAYS + 1))
        return next(at for day in days if self._runs_on(day) and (at := self._moment(day, zone)) > moment)

    def _runs_on(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays

    def _moment(self, day: date, zone: ZoneInfo) -> datetime:
        begin = datetime.combine(day, self.begin, zone).astimezone(ZoneInfo("UTC"))
        end = datetime.combine(day, self.end, zone).astimezone(ZoneInfo("UTC"))
        chance = Random(f"{self.seed} {day}").random()  # noqa: S311 - foreseeable by whoever knows the seed
        whole_seconds = int((end - begin).total_seconds() * chance)
        return begin + timedelta(seconds=whole_seconds)


Timing = Annotated[CronTiming | RandomTiming, Field(discriminator="type")]


class LeftOut(Part):
    """A moment at which the experiment should have run by itself and did not, with everything that spoke against it."""

    at: AwareDatetime
    reasons: tuple[str, ...]


class Schedule(Part):
    """When an experiment runs by itself. `next_at` is None while it is switched off; `left_out` are the last moments
    at which it did not run, newest first."""

    id: UUID
    experiment: ExperimentName
    timing: Timing
    enabled: bool = True
    created_by: str
    created_at: AwareDatetime
    next_at: AwareDatetime | None = None
    left_out: tuple[LeftOut, ...] = ()

    def advanced(self, now: datetime) -> "Schedule":
        """The schedule with its next moment after `now`."""
        return self.model_copy(update={"next_at": self.timing.next_after(now) if self.enabled else None})

    def leaving_out(self, moment: LeftOut) -> "Schedule":
        """The schedule with one more moment left out; the oldest are forgotten."""
        return self.model_copy(update={"left_out": (moment, *self.left_out)[:MAX_LEFT_OUT]})

    def missed(self, now: datetime) -> bool:
        """Whether its moment is too long ago to be made up for."""
        return self.next_at is not None and (now - self.next_at).total_seconds() > MISSED_SECONDS
