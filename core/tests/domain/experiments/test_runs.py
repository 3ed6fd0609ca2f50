from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.experiments.runs import FOLLOWERS, Phase, Progress, Verdict
from incidentops.testing.experiments import NINE, a_run


def after(run, seconds=1.0, phase=Phase.METHOD, **more):
    """The run after news of that moment."""
    at = NINE + timedelta(seconds=seconds)
    return run.told(Progress(run_id=run.id, at=at, phase=phase, **more), at)


def test_news_moves_a_run_on_and_shows_that_it_lives():
    run = a_run()
    run = after(run, 3)
    assert (run.phase, run.heard_at) == (Phase.METHOD, NINE + timedelta(seconds=3))


def test_news_that_comes_late_does_not_move_it_back():
    run = a_run()
    run = after(after(run, 9, Phase.ROLLBACK), 3, Phase.METHOD)
    assert (run.phase, run.heard_at) == (Phase.ROLLBACK, NINE + timedelta(seconds=9))


def test_the_first_verdict_stands():
    run = a_run().end(Verdict.INTERRUPTED, "silent", NINE)
    assert after(run, 2, Phase.ENDED, verdict=Verdict.HELD) == run
    assert run.end(Verdict.HALTED, "late", NINE) == run


def test_ten_seconds_of_silence_are_too_many_once_it_could_be_heard():
    run = a_run()
    assert not run.silent(NINE + timedelta(seconds=10), NINE)
    assert run.silent(NINE + timedelta(seconds=10.1), NINE)
    assert not run.silent(NINE + timedelta(seconds=15), NINE + timedelta(seconds=8))
    assert not run.end(Verdict.HELD, "", NINE).silent(NINE + timedelta(seconds=60), NINE)


@given(st.lists(st.tuples(st.floats(0, 60), st.sampled_from(Phase), st.none() | st.sampled_from(Verdict))))
def test_whatever_is_told_in_whatever_order_a_run_never_goes_back(told):
    run = a_run()
    for seconds, phase, verdict in told:
        before, run = run, after(run, seconds, phase, verdict=verdict)
        assert list(Phase).index(run.phase) >= list(Phase).index(before.phase)
        assert run.heard_at >= before.heard_at
        assert run.ended == (run.ended_at is not None)


def test_every_phase_leads_to_the_end_and_rolling_back_follows_the_method():
    for phase in Phase:
        reached, ahead = set(), {phase}
        while ahead:
            reached |= ahead
            ahead = {next_one for item in ahead for next_one in FOLLOWERS[item]} - reached
        assert Phase.ENDED in reached
    assert FOLLOWERS[Phase.METHOD] == {Phase.ROLLBACK}
