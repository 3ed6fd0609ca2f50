"""The hours of the week in which a layer holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidentops.domain.oncall.zones import instant_of, local_of

_DAY = timedelta(days=1)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """From `start` to `end` by the wall clock on each of `weekdays` (Monday is 0); an `end` not after
    `start` lies on the next day, so equal ones mean a whole day."""

    start: time
    end: time
    weekdays: tuple[int, ...] = EVERY_DAY

    def hold_at(self, at: datetime, zone: ZoneInfo) -> bool:
        return any(start <= at < end for start, end in self._around(at, at, zone))

    def bounds(self, start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
        """The instants after `start` and before `end` at which these hours begin or end."""
        found = {bound for window in self._around(start, end, zone) for bound in window}
        return sorted(bound for bound in found if start < bound < end)

    def _around(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        day, last = local_of(start, zone).date() - 2 * _DAY, local_of(end, zone).date()
        while day <= last:
            if day.weekday() in self.weekdays:
                yield self._window(day, zone)
            day += _DAY

    def _window(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
        until = day if self.end > self.start else day + _DAY
        return (
            instant_of(datetime.combine(day, self.start), zone),
            instant_of(datetime.combine(until, self.end), zone),
        )
