"""Recovery mode `auto` on twins: what dies is healed at once, what was stopped on purpose is not."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from incidentops.clock import SystemClock
from incidentops.domain.probes import ProbeResult
from incidentops.domain.services import RecoveryMode, Verb
from incidentops.ports import ActionFilter, StoredRecovery
from incidentops_remediator.remediate import Remediator

from .conftest import World, wait_until

AUTO = {"incidentops.recovery": "auto"}
SILENT = ProbeResult(alive=False, detail="connection refused", duration_ms=0.1)


@pytest.fixture
def world() -> Iterator[World]:
    """A backend that runs, on a bus that is away."""
    world = World(SystemClock())
    world.bus.go_away()
    yield world
    world.backend.stop()
    world.bus.close()


def begin(world) -> None:
    world.backend.start()
    wait_until(lambda: world.backend.view.age_seconds is not None)


def up(world, name: str) -> bool:
    service = world.backend.view.find(name)
    return service is not None and service.up and service.busy is None


def rows(world, service: str, *verbs: Verb) -> list:
    found = world.store.actions(ActionFilter(service=service), limit=500).items
    return [row for row in reversed(found) if row.verb in verbs]


def starts(world, service: str) -> list:
    return rows(world, service, Verb.START, Verb.RESTART)


def healed(world, service: str, times: int = 1) -> Callable[[], bool]:
    return lambda: len(rows(world, service, Verb.REMEDIATE)) == times


def test_a_service_that_dies_in_auto_mode_is_healed_and_the_log_says_why(world):
    container = world.add("redis", labels=AUTO)
    begin(world)
    world.engine.die(container.id)
    wait_until(healed(world, "redis"))
    [start] = starts(world, "redis")
    assert (start.actor, start.source, start.outcome) == ("backend", "auto", "succeeded")
    [line] = rows(world, "redis", Verb.REMEDIATE)
    assert (line.source, line.message.startswith("Restarted by remediation")) == ("auto", True)
    assert world.store.wishes() == {}, "nobody has said that it should run"


def test_in_manual_mode_it_stays_down_and_others_are_not_touched_along(world):
    manual, auto = world.add("postgres"), world.add("redis", labels=AUTO)
    begin(world)
    world.engine.die(manual.id)
    world.engine.die(auto.id)
    wait_until(healed(world, "redis"))
    assert not world.backend.view.find("postgres").up
    assert rows(world, "postgres", *Verb) == []


def test_what_an_operator_stops_stays_stopped_and_the_button_starts_it(world):
    world.add("redis", labels=AUTO)
    begin(world)
    world.client.post("/stop/redis")
    wait_until(lambda: not world.backend.healing.auto._healing)
    assert starts(world, "redis") == []
    assert world.client.post("/remediate").get_json()["services_remediated"] == ["redis"]


def test_an_operators_kill_is_a_failure_and_is_healed(world):
    world.add("redis", labels=AUTO)
    begin(world)
    answer = world.client.post("/api/v1/services/redis/actions", json={"verb": "kill"})
    assert answer.status_code == 200
    wait_until(healed(world, "redis"))
    assert up(world, "redis")


def test_an_operators_restart_is_nobody_elses_business(world):
    world.add("redis", labels=AUTO)
    begin(world)
    world.client.post("/restart/redis")
    wait_until(lambda: not world.backend.healing.auto._healing)
    assert [row.verb for row in starts(world, "redis")] == [Verb.RESTART]
    assert rows(world, "redis", Verb.REMEDIATE) == []


def test_a_lost_replica_comes_back(world):
    labels = AUTO | {"incidentops.service": "billing"}
    first, second = (world.add(name, labels=labels) for name in ("billing-1", "billing-2"))
    begin(world)
    world.engine.die(second.id)
    wait_until(healed(world, "billing"))
    assert world.backend.view.find("billing").replicas.running == 2
    assert world.engine.inspect(first.id).started_at == first.started_at


def test_a_crash_loop_backs_off_and_does_not_hold_up_another_service(world):
    looping, steady = world.add("billing", labels=AUTO), world.add("redis", labels=AUTO)
    world.engine.answer(looping.id, SILENT)
    begin(world)
    died = []
    start = world.engine.start

    def start_and_die(container_id: str, _grace_seconds: int | None = None) -> None:
        start(container_id)
        if container_id == looping.id:
            died.append(time.monotonic())
            world.engine.die(looping.id)

    world.engine.start = start_and_die
    world.engine.restart = start_and_die
    world.engine.die(looping.id)
    wait_until(lambda: len(died) == 5)  # the next start comes 1.6 s later
    world.engine.die(steady.id)
    wait_until(healed(world, "redis"))
    assert len(died) == 5
    waits = [later - earlier for earlier, later in pairwise(died)]
    assert [wait >= least for wait, least in zip(waits, (0.1, 0.2, 0.4, 0.8), strict=True)] == [True] * 4
    assert world.backend.view.find("billing").state == "crash_loop"


def test_what_died_while_the_engine_could_not_tell_is_healed_at_the_return(world):
    container = world.add("redis", labels=AUTO | {"com.docker.compose.project": "shop"})
    begin(world)
    world.engine.go_away()
    wait_until(lambda: world.backend.view.engine_lost_at is not None)
    world.engine._containers[container.id] = world.engine._change(
        container, status="exited", finished_at=datetime.now(UTC), exit_code=1
    )
    world.engine.come_back()
    wait_until(healed(world, "shop/redis"))


def test_the_remediator_heals_when_it_is_there(world):
    world.bus.come_back()
    world.bus.subscribe("remediator.commands", Remediator(world.bus, SystemClock()))
    container = world.add("redis", labels=AUTO)
    begin(world)
    world.engine.die(container.id)
    wait_until(healed(world, "redis"))
    assert starts(world, "redis")[0].actor == "remediator"


def test_an_operators_stop_wins_over_a_heal_that_is_under_way(world):
    container = world.add("redis", labels=AUTO)
    begin(world)
    held = threading.Event()
    act = world.backend.act.perform

    def stop_first(verb, name, actor, *rest, **options):
        if actor.name == "backend" and not held.is_set():
            held.set()
            world.client.post("/stop/redis")
        return act(verb, name, actor, *rest, **options)

    world.backend.act.perform = stop_first
    world.engine.die(container.id)
    wait_until(healed(world, "redis"))
    assert starts(world, "redis") == []
    [line] = rows(world, "redis", Verb.REMEDIATE)
    assert (line.outcome, "stopped it on purpose" in line.message) == ("refused", True)


# -- choosing the mode ----------------------------------------------------------------------------------------


def choose(world, name: str, mode: str):
    return world.client.post(f"/api/v1/services/{name}/recovery", json={"mode": mode})


def test_the_operators_choice_stands_above_the_label_and_is_shown(world):
    container = world.add("redis")
    begin(world)
    answer = choose(world, "redis", "auto")
    assert (answer.status_code, answer.get_json()["recovery_mode"]) == (200, "auto")
    assert world.client.get("/services").get_json()[0]["recovery_mode"] == "auto"
    world.engine.die(container.id)
    wait_until(healed(world, "redis"))
    choose(world, "redis", "manual")
    world.engine.die(container.id)
    wait_until(lambda: not world.backend.view.find("redis").up)
    assert len(starts(world, "redis")) == 1
    assert world.store.recoveries()["redis"].mode is RecoveryMode.MANUAL


def test_a_choice_made_while_postgres_is_away_is_kept(world):
    world.add("redis")
    with world.store.away():
        assert choose(world, "redis", "auto").status_code == 200
        assert world.records.recoveries()["redis"].mode is RecoveryMode.AUTO
    assert world.records.wait_until_replayed(60)
    assert world.store.recoveries()["redis"].actor == "operator"


def test_a_choice_that_cannot_be_kept_is_refused_and_not_shown(world):
    world.add("redis")
    with world.store.away(), world.records.disk_full():
        assert choose(world, "redis", "auto").status_code == 503
    assert world.backend.view.find("redis").recovery_mode is RecoveryMode.MANUAL


@pytest.mark.parametrize("away", [True, False], ids=["postgres away", "only postgres remembers"])
def test_a_choice_outlives_the_backend(world, away):
    chosen = StoredRecovery("redis", RecoveryMode.AUTO, "alice", world.clock.now())
    if away:
        world.records.remember_recoveries([chosen])
    else:
        world.store.write([chosen])
    world.add("redis")
    if away:
        with world.store.away():
            begin(world)
            wait_until(lambda: world.backend.view.find("redis").recovery_mode is RecoveryMode.AUTO)
    else:
        begin(world)
        wait_until(lambda: world.backend.view.find("redis").recovery_mode is RecoveryMode.AUTO)
    assert world.records.recoveries()["redis"] == chosen


def test_an_unknown_service_and_an_unknown_mode_are_refused(world):
    world.add("redis")
    assert choose(world, "nope", "auto").status_code == 404
    assert choose(world, "redis", "sometimes").status_code == 422
