from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.experiments.runs import FOLLOWERS, Phase, Progress, Verdict
from incidentops.testing.experiments import NINE, a_run


def news(run, seconds=1.0, phase=Phase.METHOD, **more):
    return Progress(run_id=run.id, at=NINE + timedelta(seconds=seconds), phase=phase, **more)


def test_news_moves_a_run_on_and_shows_that_it_lives():
    run = a_run()
    run = run.told(news(run, 3))
    assert (run.phase, run.heard_at) == (Phase.METHOD, NINE + timedelta(seconds=3))


def test_news_that_comes_late_does_not_move_it_back():
    run = a_run()
    run = run.told(news(run, 9, Phase.ROLLBACK)).told(news(run, 3, Phase.METHOD))
    assert (run.phase, run.heard_at) == (Phase.ROLLBACK, NINE + timedelta(seconds=9))


def test_the_first_verdict_stands():
    run = a_run().end(Verdict.INTERRUPTED, "silent", NINE)
    assert run.told(news(run, 2, Phase.ENDED, verdict=Verdict.HELD)) == run
    assert run.end(Verdict.HALTED, "late", NINE) == run


def test_ten_seconds_of_silence_are_too_many():
    run = a_run()
    assert not run.silent(NINE + timedelta(seconds=10))
    assert run.silent(NINE + timedelta(seconds=10.1))
    assert not run.end(Verdict.HELD, "", NINE).silent(NINE + timedelta(seconds=60))


@given(st.lists(st.tuples(st.floats(0, 60), st.sampled_from(Phase), st.none() | st.sampled_from(Verdict))))
def test_whatever_is_told_in_whatever_order_a_run_never_goes_back(told):
    run = a_run()
    for seconds, phase, verdict in told:
        after = run.told(news(run, seconds, phase, verdict=verdict))
        assert list(Phase).index(after.phase) >= list(Phase).index(run.phase)
        assert after.heard_at >= run.heard_at or after.ended
        assert after.ended == (after.ended_at is not None)
        run = after


def test_every_phase_leads_to_the_end_and_rolling_back_follows_the_method():
    for phase in Phase:
        reached, ahead = set(), {phase}
        while ahead:
            reached |= ahead
            ahead = {after for item in ahead for after in FOLLOWERS[item]} - reached
        assert Phase.ENDED in reached
    assert FOLLOWERS[Phase.METHOD] == {Phase.ROLLBACK}
