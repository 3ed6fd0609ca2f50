"""When automation acts, waits, asks, leaves a service alone and gives it up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.dependencies import needs
from incidentops.domain.guards import Answer, Approval, BreakerState, Guard
from incidentops.domain.policies import (
    DEFAULT,
    Ailment,
    Backoff,
    BreakerRule,
    Budget,
    DuringFaults,
    Match,
    Policy,
    Remedy,
    ailment_of,
    policy_for,
)
from incidentops.domain.rulings import Case, Course, healed_first, rule
from incidentops.domain.services import (
    Health,
    RecoveryMode,
    Replicas,
    Service,
    ServiceState,
    Wish,
    status_of,
)

T0 = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CAREFUL = Policy(
    "careful",
    Match(frozenset(Ailment)),
    (Remedy.RESTART, Remedy.RECREATE),
    Budget(3, timedelta(minutes=10)),
    BreakerRule(2, timedelta(minutes=5)),
)


def service(name: str = "redis", **facts) -> Service:
    state = facts.pop("state", ServiceState.EXITED)
    known = {
        "name": name,
        "status": status_of(state),
        "state": state,
        "health": Health.NONE,
        "started_at": T0 - timedelta(hours=1),
        "finished_at": T0,
        "exit_code": 1,
        "recovery_mode": RecoveryMode.AUTO,
        "group": "data",
        "project": "incidentops",
        "image": "redis:8",
        "protected": False,
        "depends_on": (),
        "probe": None,
        "replicas": Replicas(0, 1),
        "containers": (),
    }
    return Service(**(known | facts))


def case(policy: Policy = CAREFUL, guard: Guard | None = None, **facts) -> Case:
    """redis, which ran for an hour and died now."""
    known = {"began_at": T0 - timedelta(hours=1), "ended_at": T0}
    return Case(service(), Ailment.DOWN, policy, guard or Guard("redis", T0), **(known | facts))


def test_a_first_death_is_treated_at_once():
    ruling = rule(case(), T0)
    assert (ruling.course, ruling.remedy) == (Course.ACT, Remedy.RESTART)
    assert ruling.reason == "it is down, by the policy 'careful'"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"protected": True}, "it is protected"),
        ({"recovery_mode": RecoveryMode.MANUAL}, "its recovery mode is manual"),
        ({"wish": Wish.STOPPED}, "the operator stopped it on purpose"),
    ],
)
def test_what_people_decided_comes_first(facts, reason):
    ruling = rule(replace(case(), service=service(**facts)), T0)
    assert (ruling.course, ruling.reason) == (Course.LEAVE, reason)


@pytest.mark.parametrize(
    ("stance", "course", "words"),
    [
        (DuringFaults.HEAL, Course.ACT, ""),
        (DuringFaults.IGNORE, Course.LEAVE, "an experiment harms it on purpose (packet_loss)"),
        (DuringFaults.SCORE, Course.LEAVE, "without it: restart"),
    ],
)
def test_an_experiment_is_healed_ignored_or_scored(stance, course, words):
    ruling = rule(case(replace(CAREFUL, during_faults=stance), faults=("packet_loss",)), T0)
    assert ruling.course is course
    assert words in ruling.reason


def test_attempts_in_a_row_come_ever_later_and_climb_the_ladder_of_remedies():
    guard = Guard("redis", T0).attempted(1, T0)
    dead = case(guard=guard, began_at=T0 + SECOND, ended_at=T0 + 2 * SECOND)
    early = rule(dead, T0 + 2 * SECOND)
    assert (early.course, early.until) == (Course.WAIT, T0 + 2.1 * SECOND)
    assert rule(dead, T0 + 2.1 * SECOND).remedy is Remedy.RECREATE


def test_ten_seconds_of_running_are_a_new_beginning():
    guard = Guard("redis", T0).attempted(7, T0)
    dead = case(guard=guard, began_at=T0 + SECOND, ended_at=T0 + 11 * SECOND)
    assert dead.streak(T0 + 11 * SECOND) == 0
    assert rule(dead, T0 + 11 * SECOND).course is Course.ACT


def test_an_attempt_that_started_nothing_is_no_new_beginning():
    guard = Guard("redis", T0).attempted(1, T0 + SECOND)
    assert case(guard=guard).streak(T0 + 60 * SECOND) == 1


def test_backoff_doubles_to_a_minute_and_never_outgrows_a_float():
    pauses = [Backoff().pause(count).total_seconds() for count in (0, 1, 2, 3, 4, 20, 10_000)]
    assert pauses == [0.0, 0.1, 0.2, 0.4, 0.8, 60.0, 60.0]


def test_a_spent_budget_gives_the_service_up_until_its_window_has_passed():
    guard = Guard("redis", T0)
    for number in range(3):
        guard = guard.attempted(0, T0 + number * SECOND)
    dead = case(guard=guard)
    assert rule(dead, T0 + 60 * SECOND).course is Course.GIVE_UP
    assert "3 attempts in 600 s" in rule(dead, T0 + 60 * SECOND).reason
    assert rule(dead, T0 + timedelta(minutes=11)).course is Course.ACT


def test_failures_in_a_row_open_the_breaker_which_lets_one_attempt_through_after_its_rest():
    guard = Guard("redis", T0).failed("port taken", T0).failed("port taken", T0)
    given_up = rule(case(guard=guard), T0)
    assert given_up.course is Course.GIVE_UP
    assert given_up.reason == "2 attempts in a row failed, the last one: port taken"
    opened = guard.opened(T0 + timedelta(minutes=5), given_up.reason, T0)
    assert opened.breaker(T0) is BreakerState.OPEN
    assert rule(case(guard=opened), T0 + SECOND).course is Course.LEAVE
    rested = T0 + timedelta(minutes=5)
    assert opened.breaker(rested) is BreakerState.HALF_OPEN
    assert rule(case(guard=opened), rested).course is Course.ACT
    again = opened.attempted(1, rested).failed("port taken", rested)
    assert rule(case(guard=again), rested + timedelta(minutes=1)).course is Course.GIVE_UP


def test_an_operator_who_takes_a_service_in_hand_closes_its_breaker_but_not_its_budget():
    guard = Guard("redis", T0).attempted(1, T0).failed("no", T0).opened(T0 + SECOND, "no", T0)
    assert guard.forgiven(T0) == Guard("redis", T0, attempts=(T0,))


def test_a_sick_service_is_left_alone_in_its_start_period():
    policy = replace(CAREFUL, start_period=30 * SECOND)
    hung = case(policy, began_at=T0, ended_at=None)
    hung = replace(hung, ailment=Ailment.HUNG)
    assert rule(hung, T0 + 10 * SECOND).until == T0 + 30 * SECOND
    assert rule(hung, T0 + 30 * SECOND).course is Course.ACT


def test_what_it_stands_on_comes_first():
    ruling = rule(case(waits_for=("postgres", "redis")), T0)
    assert (ruling.course, ruling.until) == (Course.WAIT, None)
    assert ruling.reason == "postgres, redis comes first, which it depends on"


def test_the_last_remedy_may_be_to_tell_people():
    policy = replace(CAREFUL, remedies=(Remedy.RESTART, Remedy.ESCALATE))
    guard = Guard("redis", T0).attempted(1, T0)
    assert rule(case(policy, guard, began_at=T0, ended_at=T0), T0 + SECOND).course is Course.GIVE_UP


def test_a_remedy_that_needs_approval_waits_for_a_person():
    policy = replace(CAREFUL, approval=True)
    assert rule(case(policy), T0).course is Course.ASK
    asked = Approval(UUID(int=1), policy.name, Remedy.RESTART, "it is down", T0, T0 + 60 * SECOND)
    waiting = Guard("redis", T0).asked(asked, T0)
    assert rule(case(policy, waiting), T0).reason == "it waits for a person's approval"
    assert rule(case(policy, waiting), T0 + 60 * SECOND).course is Course.ASK, "it has lapsed"
    yes = waiting.asked(replace(asked, answer=Answer.APPROVE, answered_by="alice"), T0)
    assert rule(case(policy, yes), T0).reason.endswith("approved by alice")
    no = waiting.asked(replace(asked, answer=Answer.REFUSE, answered_by="alice"), T0)
    assert rule(case(policy, no), T0).reason == "alice refused to restart it"
    assert yes.attempted(1, T0).approval is None, "one approval, one attempt"


def test_the_first_policy_that_speaks_for_a_service_counts_and_the_built_in_one_is_last():
    redis = replace(CAREFUL, name="redis", match=Match(frozenset({Ailment.DOWN}), frozenset({"redis"})))
    data = replace(CAREFUL, name="data", match=Match(frozenset(Ailment), groups=frozenset({"data"})))
    assert policy_for(service("redis"), Ailment.DOWN, (redis, data)) is redis
    assert policy_for(service("redis"), Ailment.HUNG, (redis, data)) is data
    assert policy_for(service("billing", group="app"), Ailment.DOWN, (redis, data)) is DEFAULT
    assert policy_for(service("billing", group="app"), Ailment.HUNG, (redis, data)) is None


@pytest.mark.parametrize(
    ("state", "at_rest", "ailment"),
    [
        (ServiceState.EXITED, True, Ailment.DOWN),
        (ServiceState.DEGRADED, True, Ailment.DOWN),
        (ServiceState.CRASH_LOOP, True, Ailment.CRASH_LOOP),
        (ServiceState.CRASH_LOOP, False, None),
        (ServiceState.HUNG, False, Ailment.HUNG),
        (ServiceState.UNHEALTHY, False, Ailment.UNHEALTHY),
        (ServiceState.PAUSED, False, None),
        (ServiceState.RUNNING, False, None),
    ],
)
def test_each_state_has_its_ailment(state, at_rest, ailment):
    assert ailment_of(service(state=state), at_rest=at_rest) is ailment


# -- properties ---------------------------------------------------------------------------------------------------

POLICIES = st.builds(
    Policy,
    name=st.just("any"),
    match=st.just(Match(frozenset(Ailment))),
    remedies=st.lists(st.sampled_from(Remedy), min_size=1, max_size=4).map(tuple),
    budget=st.builds(Budget, st.integers(1, 6), st.integers(1, 900).map(lambda s: s * SECOND)),
    breaker=st.builds(BreakerRule, st.integers(1, 5), st.integers(1, 600).map(lambda s: s * SECOND)),
    backoff=st.builds(
        Backoff,
        first=st.integers(0, 5000).map(lambda ms: timedelta(milliseconds=ms)),
        factor=st.floats(1, 5),
        longest=st.integers(0, 60).map(lambda s: s * SECOND),
    ),
    probes=st.integers(1, 3),
)


def treat(policy: Policy, guard: Guard, now: datetime, *, heals_at: int):
    """Judge until nothing is left to do, as the backend does: each attempt starts the service, which dies a second
    later until the attempt of that number heals it. Gives every attempt, the guard and the time at the end."""
    began, ended, attempts = now - timedelta(hours=1), now, []
    for _ in range(1000):
        ruling = rule(case(policy, guard, began_at=began, ended_at=ended), now)
        if ruling.course is Course.WAIT:
            now = ruling.until
        elif ruling.course is Course.ACT:
            attempts.append(now)
            guard = guard.attempted(case(policy, guard, began_at=began, ended_at=ended).streak(now) + 1, now)
            began, ended = now, now + SECOND
            now = ended
            if len(attempts) == heals_at:
                return attempts, guard.healed(now), now
            guard = guard.failed("it died", now)
        else:
            if ruling.course is Course.GIVE_UP:
                guard = guard.opened(now + policy.breaker.rest, ruling.reason, now)
            return attempts, guard, now
    raise AssertionError("it never ends")


TROUBLES = st.lists(st.tuples(st.integers(0, 3600), st.integers(0, 8)), min_size=1, max_size=6)


@given(POLICIES, TROUBLES)
def test_attempts_never_exceed_the_budget_in_any_window_and_every_trouble_ends(policy, troubles):
    attempts, guard, now = [], Guard("redis", T0), T0
    for gap, heals_at in troubles:
        more, guard, now = treat(policy, guard, now + gap * SECOND, heals_at=heals_at)
        attempts += more
    for attempt in attempts:
        window = [other for other in attempts if attempt - policy.budget.window < other <= attempt]
        assert len(window) <= policy.budget.attempts


NAMES = ("billing", "postgres", "rabbitmq", "redis")
GRAPHS = st.fixed_dictionaries({name: st.frozensets(st.sampled_from(NAMES)) for name in NAMES})


@given(GRAPHS, st.frozensets(st.sampled_from(NAMES), min_size=1))
def test_nobody_goes_before_what_it_stands_on_and_nobody_waits_for_ever(graph, in_trouble):
    services = [service(name, depends_on=tuple(sorted(graph[name]))) for name in NAMES]
    left, order = set(in_trouble), []
    while left:
        ready = [name for name in sorted(left) if not healed_first(name, services, left - {name})]
        assert ready, "somebody may always go"
        order.append(ready[0])
        left.discard(ready[0])
    loops = {name for name in NAMES if any(name in needs(other, graph) for other in needs(name, graph))}
    for index, name in enumerate(order):
        if name not in loops:
            later = set(order[index + 1 :]) - loops
            assert not later & set(needs(name, graph))
