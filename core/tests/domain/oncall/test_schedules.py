"""Who is on call: every instant has one answer, in every zone, through every change of the clocks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidentops.domain.oncall.hours import WeeklyHours
from incidentops.domain.oncall.rotations import Rotation
from incidentops.domain.oncall.schedules import OVERRIDE, Layer, Override, Schedule
from incidentops.domain.oncall.zones import instant_of, local_of

BERLIN = "Europe/Berlin"
MONDAY = date(2026, 1, 5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FROM, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # pieces of a date


def wall(*parts: int) -> datetime:
    """What a clock on the wall shows."""
    return datetime(*parts)  # type: ignore[arg-type,misc]  # noqa: DTZ001 - without a zone on purpose


def a_schedule(zone: str = BERLIN, **options) -> Schedule:
    layers = options.pop("layers", (Layer("week", Rotation(("alice", "bob"), MONDAY)),))
    return Schedule("primary", "operations", zone, layers, **options)


@cache
def transitions() -> tuple[tuple[str, datetime], ...]:
    """Every change of a zone's offset between 2024 and 2028, zones that agree in all of them taken once."""
    seen: dict[tuple[tuple[datetime, timedelta | None], ...], str] = {}
    for name in sorted(available_timezones() - {"localtime"}):
        seen.setdefault(tuple(_changes(ZoneInfo(name))), name)
    return tuple((name, at) for changes, name in seen.items() for at, _ in changes)


def _changes(zone: ZoneInfo) -> Iterator[tuple[datetime, timedelta | None]]:
    at = FROM
    while at < UNTIL:
        later = at + 7 * DAY
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            yield _change_between(at, later, zone), later.astimezone(zone).utcoffset()
        at = later


def _change_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    old = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == old else (low, middle)
    return high


def test_a_time_that_the_clocks_skip_means_the_first_instant_after_the_gap():
    assert instant_of(wall(2026, 3, 29, 2, 30), ZoneInfo(BERLIN)) == utc(2026, 3, 29, 1, 0)


def test_a_time_that_the_clocks_repeat_means_the_first():
    assert instant_of(wall(2026, 10, 25, 2, 30), ZoneInfo(BERLIN)) == utc(2026, 10, 25, 0, 30)


def test_a_day_that_a_zone_skipped_begins_with_the_day_after_it():
    assert instant_of(wall(2011, 12, 30, 9, 0), ZoneInfo("Pacific/Apia")) == utc(2011, 12, 30, 10, 0)


def test_a_turn_through_the_change_to_summer_time_is_an_hour_shorter_and_leaves_no_hole():
    rotation, zone = Rotation(("alice", "bob"), MONDAY), ZoneInfo(BERLIN)
    turn = rotation.turn_at(utc(2026, 3, 28), zone)
    assert turn is not None
    assert turn.end - turn.start == 7 * DAY - HOUR
    following = rotation.turn_at(turn.end, zone)
    assert following is not None
    assert (following.number, following.start) == (turn.number + 1, turn.end)


def test_there_are_enough_transitions_to_mean_something():
    assert len(transitions()) > 200


@pytest.mark.parametrize("minutes", [-61, -30, -1, 0, 1, 30, 61])
def test_turns_cover_and_are_disjoint_across_every_transition(minutes: int):
    for name, change in transitions():
        zone = ZoneInfo(name)
        handoff = local_of(change + timedelta(minutes=minutes), zone)
        rotation = Rotation(("alice", "bob", "carol"), handoff.date() - 3 * DAY, handoff.time(), days=1)
        assert_cover_and_disjoint(rotation, change - 2 * DAY, change + 2 * DAY, zone)


def assert_cover_and_disjoint(rotation: Rotation, start: datetime, end: datetime, zone: ZoneInfo) -> None:
    at = start
    while at < end:
        turn = rotation.turn_at(at, zone)
        assert turn is not None
        assert turn.start <= at < turn.end
        assert rotation.turn_at(turn.end - timedelta(seconds=1), zone) == turn
        following = rotation.turn_at(turn.end, zone)
        assert following is not None
        assert following.start == turn.end
        at = turn.end


zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))
instants = st.datetimes(wall(2024, 1, 1), wall(2028, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
hours = st.none() | st.builds(
    WeeklyHours, clock_times, clock_times, st.sets(st.integers(0, 6), min_size=1).map(tuple)
)
layers = st.builds(
    Layer,
    st.sampled_from(["day", "night"]),
    st.builds(
        Rotation,
        st.sampled_from([("alice",), ("alice", "bob"), ("alice", "bob", "carol")]),
        st.dates(date(2023, 12, 1), date(2024, 6, 1)),
        clock_times,
        st.integers(1, 14),
    ),
    hours,
)
overrides = st.builds(
    lambda user, start, length: Override(user, start, start + length),
    st.sampled_from(["alice", "dora"]),
    instants,
    st.timedeltas(timedelta(minutes=1), 20 * DAY),
)


@settings(max_examples=150)
@given(zones, st.lists(layers, max_size=3), st.lists(overrides, max_size=2), instants, st.integers(1, 40))
def test_a_timeline_has_no_hole_no_overlap_and_agrees_with_who(
    zone, some_layers, some_overrides, start, days
):
    schedule = a_schedule(zone, layers=tuple(some_layers), overrides=tuple(some_overrides))
    end = start + days * DAY
    shifts = schedule.timeline(start, end)
    assert (shifts[0].start, shifts[-1].end) == (start, end)
    assert [shift.end for shift in shifts[:-1]] == [shift.start for shift in shifts[1:]]
    for shift in shifts:
        assert shift.start < shift.end
        middle = shift.start + (shift.end - shift.start) / 2
        last = shift.end - timedelta(microseconds=1)
        assert {schedule.who(at) for at in (shift.start, middle, last)} == {shift.user}


def test_a_later_layer_stands_above_an_earlier_one_in_its_hours():
    office = Layer("office", Rotation(("carol",), MONDAY), WeeklyHours(time(9), time(17), (0, 1, 2, 3, 4)))
    schedule = a_schedule(layers=(Layer("week", Rotation(("alice",), MONDAY)), office))
    assert schedule.who(utc(2026, 1, 7, 12)) == "carol"
    assert schedule.who(utc(2026, 1, 7, 20)) == "alice"
    assert schedule.who(utc(2026, 1, 10, 12)) == "alice"


def test_hours_that_end_before_they_begin_reach_into_the_next_day():
    nights = WeeklyHours(time(22), time(6), (4,))
    zone = ZoneInfo(BERLIN)
    assert nights.hold_at(utc(2026, 1, 10, 4), zone)
    assert not nights.hold_at(utc(2026, 1, 10, 6), zone)
    assert not nights.hold_at(utc(2026, 1, 9, 4), zone)


def test_an_override_stands_above_every_layer_and_ends_by_itself():
    schedule = a_schedule(overrides=(Override("dora", utc(2026, 1, 7), utc(2026, 1, 8)),))
    week = schedule.timeline(utc(2026, 1, 6), utc(2026, 1, 9))
    assert [(shift.user, shift.layer) for shift in week] == [
        ("alice", "week"),
        ("dora", OVERRIDE),
        ("alice", "week"),
    ]


def test_a_gap_is_a_shift_of_nobody():
    days_only = Layer("days", Rotation(("alice",), MONDAY), WeeklyHours(time(8), time(20)))
    gaps = a_schedule("UTC", layers=(days_only,)).gaps(utc(2026, 1, 6), utc(2026, 1, 8))
    assert [(gap.start, gap.end) for gap in gaps] == [
        (utc(2026, 1, 6), utc(2026, 1, 6, 8)),
        (utc(2026, 1, 6, 20), utc(2026, 1, 7, 8)),
        (utc(2026, 1, 7, 20), utc(2026, 1, 8)),
    ]


def test_nobody_is_on_call_before_the_first_turn():
    assert a_schedule().who(utc(2025, 12, 31)) is None
