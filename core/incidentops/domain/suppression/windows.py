"""Maintenance windows: once, or again and again, by the wall clock of their zone."""

from calendar import monthcalendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from incidentops.domain.oncall.zones import instant_of, local_of

_DAY = timedelta(days=1)


class Repeat(StrEnum):
    """How often a window comes again. `monthly`: the same weekday of its rank, such as each second Sunday."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


_PERIOD_DAYS = {Repeat.DAILY: 1, Repeat.WEEKLY: 7, Repeat.FORTNIGHTLY: 14}


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """No pages for these services and groups (none of both: for everything) from `start` to `end`, wall clock
    times of `zone`, and again as `repeat` says, the last time on the day `last` (None: on and on). What was open at
    `ended_at` was ended then, by hand."""

    name: str
    start: datetime
    end: datetime
    zone: str = "UTC"
    repeat: Repeat = Repeat.ONCE
    services: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    reason: str = ""
    last: date | None = None
    ended_at: datetime | None = None

    def covers(self, service: str, group: str | None) -> bool:
        everything = not self.services and not self.groups
        return everything or service in self.services or (group is not None and group in self.groups)

    def open_until(self, at: datetime) -> datetime | None:
        """When the occurrence that holds at an instant ends (UTC); None when none holds."""
        zone = ZoneInfo(self.zone)
        day = local_of(at, zone).date()
        earliest = day - (self.end.date() - self.start.date()) - _DAY
        while day >= earliest:
            if self._begins_on(day):
                start, end = self._occurrence(day, zone)
                if start <= at < end:
                    return end
            day -= _DAY
        return None

    def _occurrence(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        shift = day - self.start.date()
        start, end = instant_of(self.start + shift, zone), instant_of(self.end + shift, zone)
        if self.ended_at is not None and start < self.ended_at:
            end = min(end, self.ended_at)
        return start, end

    def _begins_on(self, day: date) -> bool:
        first = self.start.date()
        if day < first or (self.last is not None and day > self.last):
            return False
        if self.repeat is Repeat.ONCE:
            return day == first
        if self.repeat is Repeat.MONTHLY:
            return day.weekday() == first.weekday() and _rank(day) == _rank(first)
        return (day - first).days % _PERIOD_DAYS[self.repeat] == 0


def _rank(day: date) -> int:
    """Which of its weekday in the month: the second Sunday is 2."""
    weeks = monthcalendar(day.year, day.month)
    days = [week[day.weekday()] for week in weeks if week[day.weekday()]]
    return days.index(day.day) + 1
