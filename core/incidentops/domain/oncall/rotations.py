"""Turns: who has which, and when one ends and the next begins."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidentops.domain.oncall.zones import instant_of, local_of


@dataclass(frozen=True, slots=True)
class Turn:
    """One person's turn from `start` to just before `end` (UTC)."""

    number: int
    user: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns of `days` days, handed over at the same wall clock time.

    The first turn begins on `starts_on`. A turn ends where the next one begins: in a week in which the clocks
    change it is an hour shorter or longer, and no instant is left without a turn or has two.
    """

    users: tuple[str, ...]
    starts_on: date
    handoff: time = time(9, 0)
    days: int = 7

    def turn_at(self, at: datetime, zone: ZoneInfo) -> Turn | None:
        """The turn that holds at an instant; None before the first one."""
        number = (local_of(at, zone).date() - self.starts_on).days // self.days + 1
        while self._handoff(number, zone) > at:
            number -= 1
        return self._turn(number, zone) if number >= 0 else None

    def handoffs(self, start: datetime, end: datetime, zone: ZoneInfo) -> list[datetime]:
        """The instants after `start` and before `end` at which a turn begins."""
        number = max(0, (local_of(start, zone).date() - self.starts_on).days // self.days - 1)
        found: list[datetime] = []
        while (at := self._handoff(number, zone)) < end:
            if at > start:
                found.append(at)
            number += 1
        return found

    def _turn(self, number: int, zone: ZoneInfo) -> Turn:
        user = self.users[number % len(self.users)]
        return Turn(number, user, self._handoff(number, zone), self._handoff(number + 1, zone))

    def _handoff(self, number: int, zone: ZoneInfo) -> datetime:
        day = self.starts_on + timedelta(days=number * self.days)
        return instant_of(datetime.combine(day, self.handoff), zone)
