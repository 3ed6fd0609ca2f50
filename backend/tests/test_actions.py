"""Stop, start, ping and the others: wording, log, locks, protection, wishes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest

from incidentops.domain.actions import Actor, Outcome, Source
from incidentops.domain.containers import Container
from incidentops.domain.probes import ProbeResult
from incidentops.domain.services import Verb, Wish
from incidentops.ports import ActionFilter

ALICE = Actor("alice", Source.API)


def test_stop_ping_start_ping_in_the_seeds_words(world):
    world.add("redis")
    answers = [
        world.client.post(f"/{verb}/redis").get_json() for verb in ("ping", "stop", "ping", "start", "ping")
    ]
    assert [(answer["message"], answer["status"]) for answer in answers] == [
        ("Ping succeeded", "UP"),
        ("Service stopped manually", "DOWN"),
        ("Ping failed (service DOWN)", "DOWN"),
        ("Service redis was restarted successfully!!", "UP"),
        ("Ping succeeded", "UP"),
    ]


def test_every_action_is_one_row_with_intent_before_and_outcome_after(world):
    world.add("redis")
    seen = []
    world.backend.log.listen(
        lambda action: seen.append((action.outcome, world.store.action(action.id).outcome))
    )
    world.client.post("/stop/redis")
    assert seen == [(Outcome.RUNNING, Outcome.RUNNING), (Outcome.SUCCEEDED, Outcome.SUCCEEDED)]
    [row] = world.store.actions(ActionFilter(service="redis")).items
    assert (row.verb, row.actor, row.source, row.message) == (
        Verb.STOP, "operator", Source.API, "Service stopped manually",
    )  # fmt: skip
    assert row.duration_ms is not None


def test_an_action_from_the_panel_says_so(world):
    world.add("redis")
    world.client.post("/ping/redis", headers={"Incidentops-Client": "panel"})
    [row] = world.store.actions(ActionFilter(service="redis")).items
    assert row.source is Source.UI


@contextmanager
def busy(world, container: Container, verb: Verb) -> Iterator[None]:
    """Alice's action runs on the service until the context is left."""
    with world.engine.hold(container.id):
        first = threading.Thread(target=world.backend.act.perform, args=(verb, "redis", ALICE))
        first.start()
        while world.backend.view.find("redis").busy is None:
            threading.Event().wait(0.001)
        yield
    first.join()


def test_a_second_action_on_a_busy_service_is_refused_naming_the_one_that_runs(world):
    with busy(world, world.add("redis"), Verb.STOP):
        answer = world.client.post("/restart/redis")
    assert answer.status_code == 409
    problem = answer.get_json()
    assert (problem["running"], problem["actor"]) == ("stop", "alice")
    assert world.store.action(UUID(problem["action_id"])).verb is Verb.STOP


def test_a_busy_service_can_still_be_pinged(world):
    with busy(world, world.add("redis"), Verb.RESTART):
        assert world.client.post("/ping/redis").status_code == 200


@pytest.mark.parametrize("verb", ["stop", "kill", "pause"])
def test_a_protected_service_may_not_be_taken_away_and_the_attempt_is_written_down(world, verb):
    world.add("backend", labels={"incidentops.protected": "true"})
    answer = world.client.post("/api/v1/services/backend/actions", json={"verb": verb})
    assert answer.status_code == 409
    assert answer.get_json()["legal"] == ["ping", "start", "restart"]
    [row] = world.store.actions(ActionFilter(service="backend")).items
    assert row.outcome is Outcome.REFUSED
    assert world.client.post("/restart/backend").status_code == 200


def test_an_unknown_service_is_answered_with_the_known_ones(world):
    world.add("redis")
    world.add("postgres")
    answer = world.client.post("/stop/mysql")
    assert answer.status_code == 404
    assert answer.get_json()["known"] == ["postgres", "redis"]


def test_the_engines_refusal_is_told_in_its_own_words_and_closes_the_action(world):
    redis = world.add("redis")
    world.engine.die(redis.id)
    world.see()
    world.engine.refuse("start", "port is already allocated")
    answer = world.client.post("/start/redis")
    assert answer.status_code == 502
    assert "port is already allocated" in answer.get_json()["detail"]
    [row] = world.store.actions(ActionFilter(service="redis")).items
    assert (row.outcome, row.message) == (Outcome.FAILED, "port is already allocated")
    assert world.backend.view.find("redis").busy is None


def test_a_ping_that_nobody_could_ask_is_an_error_and_not_a_verdict(world):
    world.add("redis")
    world.engine.refuse("probe", "no such image")
    answer = world.client.post("/ping/redis")
    assert answer.status_code == 502
    [row] = world.store.actions(ActionFilter(service="redis")).items
    assert row.outcome is Outcome.FAILED


def test_without_the_engine_an_action_is_refused_with_503_or_502_and_nothing_stays_open(world):
    world.add("redis")
    world.engine.go_away()
    world.backend.view.engine_lost()
    assert world.client.post("/stop/redis").status_code in {502, 503}
    assert world.store.running_actions() == []


def test_nothing_is_done_when_it_cannot_be_written_down(world):
    world.add("redis")
    with world.store.away(), world.records.disk_full():
        answer = world.client.post("/stop/redis")
    assert answer.status_code == 503
    assert answer.get_json()["missing"] == "spool"
    assert world.backend.view.find("redis").up


def test_with_postgres_away_actions_work_and_are_stored_later(world):
    world.add("redis")
    with world.store.away():
        ids = {
            world.client.post(f"/{verb}/redis").get_json()["action_id"] for verb in ("stop", "start", "ping")
        }
        assert world.client.get("/api/v1/actions").status_code == 503
    assert world.records.wait_until_replayed(60)
    assert {str(row.id) for row in world.store.actions(ActionFilter()).items} == ids


@pytest.mark.parametrize(
    ("verb", "wish"), [("stop", Wish.STOPPED), ("start", Wish.RUNNING), ("restart", Wish.RUNNING)]
)
def test_stop_and_start_are_what_the_operator_wants(world, verb, wish):
    world.add("redis")
    world.client.post(f"/{verb}/redis")
    assert world.store.wishes()["redis"].wish is wish
    assert world.backend.view.find("redis").wish is wish


def test_kill_and_pause_are_what_goes_wrong_and_no_wish(world):
    world.add("redis")
    for verb in ("pause", "unpause", "kill"):
        assert world.client.post("/api/v1/services/redis/actions", json={"verb": verb}).status_code == 200
    assert world.store.wishes() == {}


def test_start_resumes_a_paused_service(world):
    world.add("redis")
    world.client.post("/api/v1/services/redis/actions", json={"verb": "pause"})
    assert world.backend.view.find("redis").state == "paused"
    assert world.client.post("/start/redis").get_json()["status"] == "UP"


def test_an_idempotency_key_is_answered_from_the_log_and_not_done_twice(world):
    world.add("redis")
    key = {"Idempotency-Key": str(uuid4())}
    first = world.client.post("/restart/redis", headers=key).get_json()
    second = world.client.post("/restart/redis", headers=key).get_json()
    assert first == second
    assert len(world.store.actions(ActionFilter(service="redis")).items) == 1
    assert world.client.post("/stop/redis", headers=key).get_json()["action_id"] != first["action_id"]


def test_all_replicas_of_a_service_are_stopped(world):
    labels = {"incidentops.service": "billing"}
    for name in ("billing-1", "billing-2"):
        world.add(name, labels=labels)
    world.client.post("/stop/billing")
    service = world.backend.view.find("billing")
    assert (service.replicas.running, service.replicas.total) == (0, 2)


def test_a_probe_that_fails_on_one_replica_is_a_failed_ping(world):
    labels = {"incidentops.service": "billing"}
    world.add("billing-1", labels=labels)
    second = world.add("billing-2", labels=labels)
    world.engine.answer(second.id, ProbeResult(alive=False, detail="no answer", duration_ms=1.0))
    assert world.client.post("/ping/billing").get_json()["message"] == "Ping failed (service DOWN)"
