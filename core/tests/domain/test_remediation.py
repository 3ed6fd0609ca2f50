"""What is restarted, in which order, and why not the rest."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.remediation import (
    Decision,
    Order,
    Plan,
    Skip,
    Trigger,
    Verdict,
    is_down,
    plan_remediation,
    restart_verb,
    sentence,
    summarise,
    why_restarted,
)
from incidentops.domain.services import (
    Health,
    RecoveryMode,
    Replicas,
    Service,
    ServiceState,
    Verb,
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
    answer = summarise([Decision(name, Verdict.RESTARTED, "") for name in plan.restarts])
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
    answer = summarise(
        [
            Decision("redis", Verdict.RESTARTED, "exited"),
            Decision("billing", Verdict.FAILED, "port taken"),
            Decision("backend", Verdict.SKIPPED, "it is protected"),
        ]
    )
    assert answer == {
        "status": "partial",
        "services_remediated": ["redis"],
        "services_skipped": ["backend"],
        "services_failed": [{"service": "billing", "reason": "port taken"}],
    }


def test_a_run_for_some_services_passes_the_others_over():
    plan = plan_remediation([service("redis"), service("postgres")], Trigger.OPERATOR, only={"redis"})
    assert plan == Plan(("redis",), ())


def test_automatic_recovery_brings_back_a_single_replica_the_button_sees_an_up_service():
    lost = service("billing", ServiceState.DEGRADED, recovery_mode=RecoveryMode.AUTO)
    assert plan_remediation([lost], Trigger.AUTO).restarts == ("billing",)
    assert plan_remediation([lost], Trigger.OPERATOR) == Plan((), ())


def test_what_does_not_run_is_started_and_what_runs_without_answering_is_restarted():
    started = {state for state in ServiceState if restart_verb(service("redis", state)) is Verb.START}
    assert started == {"exited", "created", "dead", "paused", "degraded"}


def test_the_explanation_names_state_age_and_what_else_was_down():
    services = [service("billing", down_for=12, depends_on=("redis",)), service("redis", down_for=3)]
    plan = plan_remediation(services, Trigger.OPERATOR)
    assert why_restarted(services[0], services, plan, T0) == "exited 12 s ago, depends on redis"
    assert why_restarted(services[1], services, plan, T0) == "exited 3 s ago, depends on nothing that is down"


def test_a_loop_goes_by_name_and_the_explanation_says_so():
    loop = [service("redis", depends_on=("billing",)), service("billing", depends_on=("redis",))]
    plan = plan_remediation(loop, Trigger.OPERATOR)
    assert plan.restarts == ("billing", "redis")
    assert "form a loop (billing, redis), so it went by name" in why_restarted(loop[0], loop, plan, T0)


def test_each_verdict_has_its_sentence():
    order = Order(UUID(int=0xABC123), Trigger.OPERATOR)
    lines = [sentence(order, Decision("redis", verdict, "so")) for verdict in Verdict]
    assert lines == [
        "Restarted by remediation abc123: so",
        "Not healed by remediation abc123: so",
        "Not restarted by remediation abc123: so",
    ]


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
    assert sorted(touched) == sorted(item.name for item in services if is_down(item, trigger))


@given(services_strategy, triggers)
def test_no_service_comes_before_one_it_stands_on_unless_they_form_a_loop(services, trigger):
    plan = plan_remediation(services, trigger)
    needs = {item.name: item.depends_on for item in services}
    place = {name: index for index, name in enumerate(plan.restarts)}
    for name in set(plan.restarts) - set(plan.cycles):
        assert all(place[need] < place[name] for need in needs[name] if need in place and need != name)
