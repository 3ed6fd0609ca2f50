"""Schedules: layers of rotations, overrides above them, and who is on call when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from incidentops.domain.oncall.hours import WeeklyHours
from incidentops.domain.oncall.rotations import Rotation

OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Layer:
    """A rotation, held in certain hours of the week only when `hours` says so. Later layers stand above
    earlier ones."""

    name: str
    rotation: Rotation
    hours: WeeklyHours | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """One person for a stretch of time (UTC), above every layer; of two, the later in the list stands."""

    user: str
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is on call from `start` to just before `end` (UTC), by which layer; nobody in a gap."""

    start: datetime
    end: datetime
    user: str | None
    layer: str | None

    @property
    def gap(self) -> bool:
        return self.user is None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Who is on call for a team at any instant; wall clock times are those of `zone` (an IANA name)."""

    name: str
    team: str
    zone: str
    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()
    description: str = ""

    def who(self, at: datetime) -> str | None:
        """The user on call at an instant, None in a gap."""
        return self._holder(at, ZoneInfo(self.zone))[0]

    def timeline(self, start: datetime, end: datetime) -> list[Shift]:
        """Every shift and gap from `start` to `end`, in order, without a hole or an overlap."""
        zone = ZoneInfo(self.zone)
        bounds = [start, *sorted(set(self._bounds(start, end, zone))), end]
        return _merged(
            Shift(begin, finish, *self._holder(begin, zone))
            for begin, finish in pairwise(bounds)
            if begin < finish
        )

    def gaps(self, start: datetime, end: datetime) -> list[Shift]:
        """The stretches in which nobody is on call."""
        return [shift for shift in self.timeline(start, end) if shift.gap]

    def shifts_of(self, layer: Layer, start: datetime, end: datetime) -> list[Shift]:
        """Whom the layer alone would have on call, as if none stood above or below it."""
        alone = replace(self, layers=(layer,), overrides=())
        return [shift for shift in alone.timeline(start, end) if not shift.gap]

    def users(self) -> frozenset[str]:
        """Everybody who is ever on call here."""
        named = {user for layer in self.layers for user in layer.rotation.users}
        return frozenset(named | {override.user for override in self.overrides})

    def _holder(self, at: datetime, zone: ZoneInfo) -> tuple[str | None, str | None]:
        for override in reversed(self.overrides):
            if override.start <= at < override.end:
                return override.user, OVERRIDE
        for layer in reversed(self.layers):
            if layer.hours and not layer.hours.hold_at(at, zone):
                continue
            if turn := layer.rotation.turn_at(at, zone):
                return turn.user, layer.name
        return None, None

    def _bounds(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterable[datetime]:
        for layer in self.layers:
            yield from layer.rotation.handoffs(start, end, zone)
            if layer.hours:
                yield from layer.hours.bounds(start, end, zone)
        for override in self.overrides:
            yield from (at for at in (override.start, override.end) if start < at < end)


def _merged(shifts: Iterable[Shift]) -> list[Shift]:
    """The same shifts, neighbours of one person on one layer joined."""
    merged: list[Shift] = []
    for shift in shifts:
        if merged and (merged[-1].user, merged[-1].layer) == (shift.user, shift.layer):
            merged[-1] = Shift(merged[-1].start, shift.end, shift.user, shift.layer)
        else:
            merged.append(shift)
    return merged
