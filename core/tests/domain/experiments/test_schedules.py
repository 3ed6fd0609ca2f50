from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from incidentops.domain.experiments.schedules import (
    MAX_LEFT_OUT,
    CronTiming,
    LeftOut,
    RandomTiming,
    Schedule,
    Timing,
)
from incidentops.messages.ids import uuid7
from incidentops.testing.experiments import NINE, a_schedule

READER = TypeAdapter(Timing)
BERLIN = ZoneInfo("Europe/Berlin")
MOMENTS = st.integers(0, 3 * 365 * 86_400).map(lambda seconds: NINE + timedelta(seconds=seconds))


def test_cron_is_read_in_its_time_zone_across_daylight_saving():
    nightly = CronTiming(cron="30 9 * * *", time_zone="Europe/Berlin")
    winter, summer = datetime(2026, 3, 28, 0, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert nightly.next_after(winter) == datetime(2026, 3, 28, 8, 30, tzinfo=UTC)
    assert nightly.next_after(summer) == datetime(2026, 3, 30, 7, 30, tzinfo=UTC)


@given(MOMENTS, st.integers(0, 2**31))
def test_a_random_moment_lies_in_the_working_hours_of_a_working_day(moment, seed):
    timing = RandomTiming(seed=seed, time_zone="Europe/Berlin")
    local = timing.next_after(moment).astimezone(BERLIN)
    assert local > moment
    assert local - moment < timedelta(days=5)
    assert local.isoweekday() in timing.weekdays
    assert time(9) <= local.time() < time(17)


@given(MOMENTS, st.integers(0, 2**31))
def test_each_day_has_one_moment_that_only_the_seed_decides(moment, seed):
    timing = RandomTiming(seed=seed)
    first = timing.next_after(moment)
    assert RandomTiming(seed=seed).next_after(moment) == first
    assert timing.next_after(first - timedelta(microseconds=1)) == first
    assert timing.next_after(first).date() > first.date()


@pytest.mark.parametrize(
    ("timing", "reason"),
    [
        ({"type": "cron", "cron": "61 * * * *"}, "not a cron expression"),
        ({"type": "cron", "cron": "0 0 30 2 *"}, "not a cron expression"),
        ({"type": "cron", "cron": "0 9 * * *", "time_zone": "Mars/Olympus"}, "IANA"),
        ({"type": "random", "seed": 1, "begin": "17:00", "end": "09:00"}, "begin is not before end"),
        ({"type": "random", "seed": 1, "begin": "09:00Z"}, "without an offset"),
        ({"type": "random", "seed": 1, "weekdays": [8]}, "less than or equal to 7"),
    ],
)
def test_a_timing_that_cannot_be_meant_is_refused(timing, reason):
    with pytest.raises(ValidationError, match=reason):
        READER.validate_python(timing)


def test_a_schedule_moves_on_rests_while_switched_off_and_knows_what_it_missed():
    schedule = Schedule(
        id=uuid7(),
        experiment="redis-hangs",
        timing=CronTiming(cron="0 12 * * *"),
        created_by="alice",
        created_at=NINE,
    ).advanced(NINE)
    assert schedule.next_at == NINE.replace(hour=12)
    assert not schedule.missed(NINE.replace(hour=12, minute=4))
    assert schedule.missed(NINE.replace(hour=12, minute=6))
    assert schedule.model_copy(update={"enabled": False}).advanced(NINE).next_at is None


def test_a_schedule_remembers_the_last_moments_left_out_newest_first():
    schedule = a_schedule()
    for day in range(MAX_LEFT_OUT + 2):
        schedule = schedule.leaving_out(LeftOut(at=NINE + timedelta(days=day), reasons=("redis is DOWN",)))
    assert [item.at.day for item in schedule.left_out] == [11, 10, 9, 8, 7]
