"""Remediation by policy on twins: what is done, what is not, what people decide, and what is remembered."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from incidentops.clock import SystemClock
from incidentops.domain.decisions import DecisionKind
from incidentops.domain.policies import (
    Ailment,
    Backoff,
    BreakerRule,
    Budget,
    DuringFaults,
    Match,
    Policy,
    Remedy,
)
from incidentops.domain.probes import ProbeResult
from incidentops.domain.services import Health, Verb
from incidentops.ports import DecisionFilter, PolicyProblem, PolicyReading
from incidentops.testing.faults import a_fault

from .conftest import ANSWERS, World, wait_until

AUTO = {"incidentops.recovery": "auto"}
SILENT = ProbeResult(alive=False, detail="connection refused", duration_ms=0.1)
QUICK = Policy(
    "quick",
    Match(frozenset(Ailment)),
    (Remedy.RESTART,),
    Budget(2, timedelta(minutes=10)),
    BreakerRule(5, timedelta(minutes=10)),
    Backoff(first=timedelta(milliseconds=1)),
)


@pytest.fixture
def world() -> Iterator[World]:
    """A backend that is about to run, on a bus that is away."""
    world = World(SystemClock())
    world.bus.go_away()
    yield world
    world.backend.stop()
    world.bus.close()


def begin(world: World, *policies: Policy) -> None:
    world.policies.reading = PolicyReading(policies)
    world.backend.healing.book.refresh()
    world.backend.start()
    wait_until(lambda: world.backend.view.age_seconds is not None)


def decisions(world: World, service: str) -> list:
    return world.store.remediation.decisions(DecisionFilter(service=service), limit=500)[::-1]


def kinds(world: World, service: str) -> list[DecisionKind]:
    return [row.kind for row in decisions(world, service)]


def decided(world: World, service: str, kind: DecisionKind) -> None:
    wait_until(lambda: kind in kinds(world, service))


def at_rest(world: World) -> None:
    wait_until(lambda: not world.backend.healing.auto._healing)


def breaker(world: World, service: str) -> dict:
    breakers = world.client.get("/api/v1/policies").get_json()["breakers"]
    return next(item for item in breakers if item["service"] == service)


def test_what_is_healed_has_its_decisions_with_policy_remedy_and_run(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, QUICK)
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.HEALED)
    acted, healed = decisions(world, "redis")
    assert (acted.kind, acted.policy, acted.remedy) == (DecisionKind.ACTED, "quick", Remedy.RESTART)
    assert (healed.policy, healed.remedy, healed.run_id is not None) == ("quick", Remedy.RESTART, True)
    assert breaker(world, "redis")["attempts"] == 1


def test_a_service_that_stays_silent_is_given_up_loudly_once_its_budget_is_spent(world):
    redis = world.add("redis", labels=AUTO)
    world.engine.answer(redis.id, SILENT)
    begin(world, QUICK)
    world.bus.come_back()
    world.engine.refuse("start", "port is already allocated")
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.ESCALATED)
    at_rest(world)
    assert kinds(world, "redis").count(DecisionKind.ACTED) == 2
    assert decisions(world, "redis")[-1].reason == "its budget of 2 attempts in 600 s is spent"
    assert breaker(world, "redis")["state"] == "open"
    assert any(
        "Given up by the policy 'quick'" in line.message for line in world.backend.recent.all()["redis"]
    )
    metrics = world.client.get("/metrics").get_data(as_text=True)
    assert 'incidentops_remediation_give_ups_total{policy="quick"} 1.0' in metrics
    assert 'incidentops_remediation_breaker{service="redis",state="open"} 1.0' in metrics


def test_an_open_breaker_holds_the_button_back_and_an_operators_start_closes_it(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, QUICK)
    world.engine.refuse("start", "no")
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.ESCALATED)
    at_rest(world)
    world.engine.refuse("start", None)
    assert world.client.post("/remediate").get_json()["services_skipped"] == ["redis"]
    assert "its breaker is open" in decisions(world, "redis")[-1].reason
    assert world.client.post("/start/redis").status_code == 200
    assert (breaker(world, "redis")["state"], breaker(world, "redis")["attempts"]) == ("closed", 2)


def test_a_breaker_outlives_the_backend(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, QUICK)
    world.engine.refuse("start", "no")
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.ESCALATED)
    at_rest(world)
    second = World(SystemClock())
    second.records.remember_guards(world.records.guards().values())
    try:
        died = second.add("redis", labels=AUTO)
        begin(second, QUICK)
        wait_until(lambda: breaker(second, "redis")["state"] == "open")
        second.engine.die(died.id)
        decided(second, "redis", DecisionKind.LEFT)
        assert "its breaker is open" in decisions(second, "redis")[0].reason
    finally:
        second.backend.stop()
        second.bus.close()


def test_an_attempt_that_cannot_be_counted_is_not_made(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, QUICK)
    with world.store.away(), world.records.disk_full():
        world.engine.die(redis.id)
        wait_until(lambda: not world.backend.view.find("redis").up)
        at_rest(world)
        assert not world.backend.view.find("redis").up


def test_a_person_approves_once_and_then_it_is_done(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, replace(QUICK, approval=True))
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.ASKED)
    [asked] = world.client.get("/api/v1/approvals").get_json()["items"]
    assert (asked["service"], asked["remedy"], asked["answer"]) == ("redis", "restart", None)
    assert not world.backend.view.find("redis").up
    path = f"/api/v1/approvals/{asked['id']}"
    answered = world.client.post(path, json={"answer": "approve"})
    assert (answered.status_code, answered.get_json()["answered_by"]) == (200, "operator")
    decided(world, "redis", DecisionKind.HEALED)
    assert kinds(world, "redis")[:3] == [DecisionKind.ASKED, DecisionKind.APPROVED, DecisionKind.ACTED]
    again = world.client.post(path, json={"answer": "refuse"})
    assert (again.status_code, again.get_json()["known"]) == (404, [])


def test_what_a_person_refuses_is_left(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, replace(QUICK, approval=True))
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.ASKED)
    [asked] = world.client.get("/api/v1/approvals").get_json()["items"]
    world.client.post(f"/api/v1/approvals/{asked['id']}", json={"answer": "refuse"})
    world.backend.healing.auto.heal_soon("redis")
    decided(world, "redis", DecisionKind.LEFT)
    assert decisions(world, "redis")[-1].reason == "operator refused to restart it"
    assert world.client.get("/api/v1/approvals").get_json()["items"] == []


@pytest.mark.parametrize("answer", [{}, {"answer": "maybe"}, {"answer": "approve", "by": "bob"}])
def test_an_answer_is_approve_or_refuse(world, answer):
    world.add("redis")
    path = "/api/v1/approvals/00000000-0000-7000-8000-000000000000"
    assert world.client.post(path, json=answer).status_code == 422
    assert world.client.post(path, json={"answer": "approve"}).status_code == 404


def test_an_experiment_is_scored_and_not_healed(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, replace(QUICK, during_faults=DuringFaults.SCORE))
    world.backend.faults.active.put(a_fault("redis", "kill"))
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.LEFT)
    at_rest(world)
    assert "on purpose (kill); without it: restart" in decisions(world, "redis")[0].reason
    assert not world.backend.view.find("redis").up


def test_a_sick_service_that_runs_is_restarted_by_its_policy(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, QUICK)
    world.engine.report_health(redis.id, Health.UNHEALTHY)
    decided(world, "redis", DecisionKind.HEALED)
    assert decisions(world, "redis")[0].reason == "it is unhealthy, by the policy 'quick'"


def test_without_a_policy_for_it_a_sick_service_is_left_to_people(world):
    redis = world.add("redis", labels=AUTO)
    begin(world)
    world.engine.report_health(redis.id, Health.UNHEALTHY)
    wait_until(lambda: not world.backend.view.find("redis").up)
    at_rest(world)
    assert decisions(world, "redis") == []


def test_a_policy_may_recreate_the_container(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, replace(QUICK, remedies=(Remedy.RECREATE,)))
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.HEALED)
    [fresh] = world.backend.view.containers("redis")
    assert (fresh.id != redis.id, fresh.running) == (True, True)
    assert any(row.verb is Verb.RECREATE for row in world.backend.recent.all()["redis"])


def test_success_needs_as_many_probes_in_a_row_as_the_policy_says(world):
    redis = world.add("redis", labels=AUTO)
    begin(world, replace(QUICK, probes=3))
    asked, probe = [], world.backend.act.probe

    def counted(name: str) -> ProbeResult:
        asked.append(name)
        return SILENT if len(asked) == 2 else probe(name)

    world.backend.act.probe = counted
    world.engine.answer(redis.id, ANSWERS)
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.HEALED)
    assert len(asked) == 5, "alive, silent, then three in a row"


def test_a_service_waits_for_what_it_stands_on(world):
    needs = {"com.docker.compose.depends_on": "postgres:service_started:false"}
    billing, postgres = world.add("billing", labels=AUTO | needs), world.add("postgres", labels=AUTO)
    begin(world, QUICK)
    with world.engine.hold(postgres.id):
        world.engine.die(postgres.id)
        decided(world, "postgres", DecisionKind.ACTED)
        world.engine.die(billing.id)
        decided(world, "billing", DecisionKind.WAITED)
        assert decisions(world, "billing")[0].reason == "postgres comes first, which it depends on"
    decided(world, "billing", DecisionKind.HEALED)


def test_a_death_in_manual_mode_is_a_decision_to_do_nothing(world):
    redis = world.add("redis")
    begin(world)
    world.engine.die(redis.id)
    decided(world, "redis", DecisionKind.LEFT)
    assert decisions(world, "redis")[0].reason == "its recovery mode is manual"


def test_policies_are_shown_with_what_is_wrong_with_their_files(world):
    problem = PolicyProblem("10-data.yml", 7, "expected a list", "its last valid version")
    told = []
    world.backend.healing.book.listen(lambda: told.append(True))
    world.policies.reading = PolicyReading((QUICK,), (problem,))
    world.backend.healing.book.refresh()
    world.backend.healing.book.refresh()
    shown = world.client.get("/api/v1/policies").get_json()
    assert [policy["name"] for policy in shown["policies"]] == ["quick", "default"]
    assert shown["policies"][0]["states"] == ["crash_loop", "down", "hung", "unhealthy"]
    assert shown["problems"][0] == {
        "file": "10-data.yml",
        "line": 7,
        "expected": "expected a list",
        "in_force": "its last valid version",
    }
    assert told == [True]


def test_decisions_come_in_pages_and_name_postgres_while_it_is_away(world):
    world.add("redis")
    for number in range(5):
        world.backend.healing.decisions.note("redis", DecisionKind.LEFT, f"reason {number}")
    first = world.client.get("/api/v1/decisions?limit=3").get_json()
    second = world.client.get(f"/api/v1/decisions?limit=3&cursor={first['next_cursor']}").get_json()
    reasons = [row["reason"] for row in (*first["items"], *second["items"])]
    assert reasons == [f"reason {number}" for number in (4, 3, 2, 1, 0)]
    assert second["next_cursor"] is None
    assert world.client.get("/api/v1/decisions?kind=sometimes").status_code == 422
    with world.store.away():
        answer = world.client.get("/api/v1/decisions")
        assert (answer.status_code, answer.get_json()["missing"]) == (503, "postgres")
