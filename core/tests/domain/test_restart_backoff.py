"""Starting again what keeps dying: at once, then ever later, and at once again once it has run a while."""

from datetime import timedelta

from incidentops.domain.restart_backoff import RestartBackoff

BRIEFLY, LONG = timedelta(seconds=1), timedelta(seconds=10)


def test_the_first_start_comes_at_once_and_the_wait_doubles_to_a_minute():
    backoff = RestartBackoff()
    waits = [backoff.died("redis", BRIEFLY) for _ in range(13)]
    assert waits[:4] == [0.0, 0.1, 0.2, 0.4]
    assert waits[-2:] == [60.0, 60.0]


def test_ten_seconds_of_running_are_a_new_beginning():
    backoff = RestartBackoff()
    for _ in range(5):
        backoff.died("redis", BRIEFLY)
    assert [backoff.died("redis", LONG), backoff.died("redis", BRIEFLY)] == [0.0, 0.1]


def test_each_service_has_its_own_row():
    backoff = RestartBackoff()
    backoff.died("redis", BRIEFLY)
    assert backoff.died("postgres", BRIEFLY) == 0.0


def test_a_service_that_died_a_thousand_times_still_waits_a_minute():
    backoff = RestartBackoff()
    assert {backoff.died("redis", BRIEFLY) for _ in range(1100)} >= {60.0}
