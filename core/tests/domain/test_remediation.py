"""What is restarted, in which order, and why not the rest."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.remediation import Outcome, Plan, Skip, Trigger, plan_remediation, summarise
from incidentops.domain.services import (
    Health,
    RecoveryMode,
    Replicas,
    Service,
    ServiceState,
    Status,
    Wish,
    status_of,
)

T0 = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def service(name: str, state: ServiceState = ServiceState.EXITED, *, down_for: float = 0, **facts) -> Service:
    known = {
        "name": name,
        "status": status_of(state),
        "state": state,
        "health": Health.NONE,
        "started_at": T0,
        "finished_at": T0 - timedelta(seconds=down_for),
        "exit_code": 0,
        "recovery_mode": RecoveryMode.MANUAL,
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


def test_the_seeds_example_restarts_what_is_down_longest_first():
    plan = plan_remediation([service("postgres", down_for=1), service("redis", down_for=5)], Trigger.OPERATOR)
    answer = summarise(plan, [Outcome(name, restarted=True) for name in plan.restarts])
    assert answer == {
        "status": "completed",
        "services_remediated": ["redis", "postgres"],
        "services_skipped": [],
    }


def test_what_others_stand_on_goes_first_however_short_it_is_down():
    plan = plan_remediation(
        [service("billing", down_for=60, depends_on=("redis",)), service("redis", down_for=1)],
        Trigger.OPERATOR,
    )
    assert plan.restarts == ("redis", "billing")


def test_the_order_holds_through_a_service_that_is_up():
    plan = plan_remediation(
        [
            service("web", down_for=60, depends_on=("billing",)),
            service("billing", ServiceState.RUNNING, depends_on=("redis",)),
            service("redis", down_for=1),
        ],
        Trigger.OPERATOR,
    )
    assert plan.restarts == ("redis", "web")


def test_protected_and_blocked_services_are_skipped_with_the_reason():
    plan = plan_remediation(
        [service("backend", protected=True), service("redis")], Trigger.OPERATOR, {"redis": "breaker open"}
    )
    assert plan == Plan((), (Skip("backend", "it is protected"), Skip("redis", "breaker open")))


def test_automatic_recovery_respects_mode_and_purpose_the_button_does_not():
    manual = service("redis")
    stopped = service("postgres", recovery_mode=RecoveryMode.AUTO, wish=Wish.STOPPED)
    died = service("rabbitmq", recovery_mode=RecoveryMode.AUTO)
    services = [manual, stopped, died]
    assert plan_remediation(services, Trigger.AUTO).restarts == ("rabbitmq",)
    assert set(plan_remediation(services, Trigger.OPERATOR).restarts) == {"redis", "postgres", "rabbitmq"}


def test_a_failed_restart_makes_the_answer_partial_and_is_explained():
    plan = Plan(("redis", "billing"), ())
    answer = summarise(
        plan, [Outcome("redis", restarted=True), Outcome("billing", restarted=False, reason="port taken")]
    )
    assert answer["status"] == "partial"
    assert answer["services_remediated"] == ["redis"]
    assert answer["services_failed"] == [{"service": "billing", "reason": "port taken"}]


NAMES = ["backend", "billing", "postgres", "rabbitmq", "redis"]
services_strategy = st.lists(
    st.builds(
        service,
        st.sampled_from(NAMES),
        st.sampled_from(list(ServiceState)),
        down_for=st.integers(0, 3),
        protected=st.booleans(),
        recovery_mode=st.sampled_from(list(RecoveryMode)),
        wish=st.sampled_from([None, *Wish]),
        depends_on=st.lists(st.sampled_from(NAMES), max_size=3).map(tuple),
    ),
    unique_by=lambda item: item.name,
)
triggers = st.sampled_from(list(Trigger))


@given(services_strategy, triggers, st.randoms())
def test_the_same_state_gives_the_same_plan(services, trigger, random):
    shuffled = list(services)
    random.shuffle(shuffled)
    assert plan_remediation(shuffled, trigger) == plan_remediation(services, trigger)


@given(services_strategy, triggers)
def test_every_service_that_is_down_is_restarted_or_skipped_and_no_other_is_touched(services, trigger):
    plan = plan_remediation(services, trigger)
    touched = [*plan.restarts, *(skip.service for skip in plan.skips)]
    assert sorted(touched) == sorted(item.name for item in services if item.status is Status.DOWN)


@given(services_strategy, triggers)
def test_no_service_comes_before_one_it_stands_on_unless_they_form_a_loop(services, trigger):
    plan = plan_remediation(services, trigger)
    needs = {item.name: item.depends_on for item in services}
    place = {name: index for index, name in enumerate(plan.restarts)}
    for name in set(plan.restarts) - set(plan.cycles):
        assert all(place[need] < place[name] for need in needs[name] if need in place and need != name)
