"""When deaths become a crash loop."""

from datetime import UTC, datetime, timedelta

from incidentops.domain.crashes import CrashHistory

T0 = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def died(times: int) -> CrashHistory:
    history = CrashHistory()
    for number in range(times):
        history.died("redis", T0 + seconds(number))
    return history


def test_two_deaths_are_bad_luck_three_are_a_loop():
    assert died(2).looping(T0 + seconds(3)) == frozenset()
    assert died(3).looping(T0 + seconds(3)) == {"redis"}


def test_ten_seconds_of_running_end_the_loop():
    history = died(3)
    assert history.looping(T0 + seconds(12), [("redis", T0 + seconds(5))]) == {"redis"}
    assert history.looping(T0 + seconds(15), [("redis", T0 + seconds(5))]) == frozenset()


def test_a_backoff_of_a_minute_is_still_the_same_loop():
    assert died(3).looping(T0 + seconds(70)) == {"redis"}


def test_a_long_quiet_ends_the_loop():
    assert died(3).looping(T0 + seconds(200)) == frozenset()


def test_an_operator_who_acts_starts_a_new_count():
    history = died(3)
    history.forgive("redis")
    assert history.looping(T0 + seconds(3)) == frozenset()
