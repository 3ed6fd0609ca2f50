"""Faults on the twins: what is refused, what ends them, what survives whom."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from backend.tests.conftest import wait_until
from incidentops.domain.faults import FaultState
from incidentops.domain.probes import ProbeResult
from incidentops.messages.envelope import Message
from incidentops.ports import FaultFilter
from incidentops.testing.faults import a_fault
from incidentops_backend.use_cases.faults import desk, pulse
from incidentops_backend.use_cases.faults.plans import sidecar_of

PAUSED = {"inject": "pause", "undo": "unpause", "every": None, "networks": {}, "cpu": [0, 0]}


def post(world, fault="pause", service="redis", headers=None, **fields):
    body = {"service": service, "fault": fault, "lease_seconds": 30, **fields}
    return world.client.post("/api/v1/faults", json=body, headers=headers)


def inject(world, fault="pause", service="redis", **parameters):
    """The active fault, with its sidecar."""
    answer = post(world, fault, service, parameters=parameters)
    assert answer.status_code == 201, answer.get_json()
    active = world.backend.faults.desk.find(UUID(answer.get_json()["id"]))
    wait_until(lambda: active.id in sidecars(world))
    return active


def sidecars(world):
    return [fault.id for _, fault in world.fault_engine.sidecars()]


def ended(world, fault):
    desk = world.backend.faults.desk
    wait_until(lambda: desk.find(fault.id).ended)
    return desk.find(fault.id)


def test_a_fault_is_stored_journalled_announced_and_marked(world):
    redis = world.add("redis")
    fault = inject(world)
    assert world.engine.inspect(redis.id).status == "paused"
    assert world.store.faults.fault(fault.id) == fault
    assert world.journal.faults() == [fault]
    assert world.backend.faults.active.on("redis") == [fault]
    assert [item["state"] for item in world.backend.hub.snapshot()["faults"]] == ["active"]


def test_the_end_of_the_lease_undoes_it_and_proves_it(world):
    redis = world.add("redis")
    fault = inject(world)
    world.clock.advance(31)
    world.fault_engine.expire(fault)
    over = ended(world, fault)
    assert (over.state, over.result, over.reason) == (FaultState.UNDONE, "clean", "the lease ended")
    assert world.engine.inspect(redis.id).status == "running"
    assert world.journal.faults() == []
    assert world.fault_engine.sidecars() == []


def test_an_undo_by_hand_answers_with_the_ended_fault(world):
    world.add("redis")
    fault = inject(world)
    answer = world.client.delete(f"/api/v1/faults/{fault.id}").get_json()
    assert (answer["state"], answer["result"], answer["reason"]) == ("undone", "clean", "undone by operator")
    again = world.client.delete(f"/api/v1/faults/{fault.id}").get_json()
    assert again == answer


def test_the_death_of_the_sidecar_ends_the_fault(world):
    redis = world.add("redis")
    fault = inject(world)
    world.fault_engine.kill(fault)
    assert ended(world, fault).reason == "its sidecar ended before the lease"
    assert world.engine.inspect(redis.id).status == "running"


def test_a_killed_service_is_started_again_at_the_end(world):
    redis = world.add("redis")
    fault = inject(world, "kill")
    assert world.engine.inspect(redis.id).status == "exited"
    world.client.delete(f"/api/v1/faults/{fault.id}")
    assert world.engine.inspect(redis.id).status == "running"


def test_a_target_started_anew_is_recognised(world):
    redis = world.add("redis")
    fault = inject(world, "packet_loss")
    world.engine.restart(redis.id)
    world.client.delete(f"/api/v1/faults/{fault.id}")
    over = ended(world, fault)
    assert over.result == "clean"
    assert "the target was started anew" in over.reason
    assert over.target_lost_at is not None


def test_what_cannot_be_undone_is_named(world):
    world.add("redis")
    fault = inject(world)
    world.engine.refuse("unpause", "no such freezer")
    over = world.client.delete(f"/api/v1/faults/{fault.id}").get_json()
    assert (over["state"], over["result"]) == ("failed", ["it could not be undone: no such freezer"])


def test_a_target_that_vanishes_during_the_injection_leaves_a_failed_fault_and_nothing_else(world):
    redis = world.add("redis")
    world.engine.refuse("pause", "container is not running")
    answer = post(world)
    fault = ended(world, world.backend.faults.desk.find(UUID(answer.get_json()["id"])))
    assert (fault.state, fault.result) == (FaultState.FAILED, "clean")
    assert fault.reason == "container is not running"
    assert (world.journal.faults(), world.fault_engine.sidecars()) == ([], [])
    assert world.engine.inspect(redis.id).status == "running"


def test_every_bad_field_is_named_at_once(world):
    world.add("redis")
    answer = post(world, "latency", lease_seconds=0, parameters={"milliseconds": -1, "x": 1})
    assert answer.status_code == 422
    fields = {item["field"] for item in answer.get_json()["errors"]}
    assert fields == {"lease_seconds", "parameters.milliseconds", "parameters.x"}
    answer = post(world, "explode", lease_seconds=99999)
    assert {item["field"] for item in answer.get_json()["errors"]} == {"lease_seconds", "fault"}


@pytest.mark.parametrize("peer", ["redis", "nobody"])
def test_a_partition_needs_another_service(world, peer):
    world.add("redis")
    world.add("billing")
    answer = post(world, "partition", parameters={"peer": peer})
    [error] = answer.get_json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "parameters.peer")
    assert error["reason"] == "expected another service, one of billing"


def test_an_unknown_service_and_an_unknown_fault_are_404(world):
    world.add("redis")
    assert post(world, service="nope").status_code == 404
    assert world.client.get(f"/api/v1/faults/{uuid4()}").status_code == 404


def test_what_is_protected_or_down_gets_no_fault(world):
    world.add("backend", labels={"incidentops.protected": "true"})
    redis = world.add("redis")
    world.engine.die(redis.id)
    world.see()
    assert "protected" in post(world, service="backend").get_json()["detail"]
    down = post(world)
    assert (down.status_code, "nothing to hurt" in down.get_json()["detail"]) == (409, True)


@pytest.mark.parametrize("known", [False, True])
def test_a_conflict_names_the_other_fault_also_once_the_target_is_known_to_be_frozen(world, known):
    world.add("redis")
    first = inject(world, "pause")
    if known:
        world.see()
    answer = post(world, "network_disconnect")
    assert answer.status_code == 409
    assert (answer.get_json()["fault"], answer.get_json()["fault_id"]) == ("pause", str(first.id))


def test_what_this_target_cannot_have_is_refused_before_anything_is_touched(world):
    world.add("redis")
    world.fault_engine.scratch = None
    answer = post(world, "disk_fill")
    assert (answer.status_code, "incidentops.scratch" in answer.get_json()["detail"]) == (409, True)
    assert world.journal.faults() == []


@pytest.mark.parametrize(
    ("lacks", "kind", "reason"),
    [
        ("own_network", "packet_loss", "shares its network"),
        ("own_network", "network_disconnect", "shares its network"),
        ("own_processes", "grey_hang", "shares its processes"),
        ("memory_limited", "memory_pressure", "no memory limit"),
    ],
)
def test_what_would_hurt_the_host_as_well_is_refused(world, lacks, kind, reason):
    world.add("redis")
    setattr(world.fault_engine, lacks, False)
    answer = post(world, kind)
    assert (answer.status_code, reason in answer.get_json()["detail"]) == (409, True)
    assert world.journal.faults() == []


def test_a_repeated_write_is_answered_with_the_same_fault(world):
    world.add("redis")
    key = {"Idempotency-Key": "once"}
    first, second = post(world, headers=key), post(world, headers=key)
    assert first.get_json()["id"] == second.get_json()["id"]
    wait_until(lambda: len(sidecars(world)) == 1)


def test_of_several_containers_the_one_that_is_named_is_hurt_and_the_preview_says_which(world):
    first = world.add("redis")
    second = world.engine.add("redis-2", labels=first.labels)
    world.see()
    body = {"service": "redis", "fault": "packet_loss"}
    preview = world.client.post("/api/v1/faults/preview", json=body).get_json()["preview"]
    assert "Of its 2 containers, this hurts redis." in preview
    assert post(world, "packet_loss").get_json()["container_id"] == first.id
    assert post(world, "packet_loss", container=second.id).get_json()["container_id"] == second.id
    assert "already has" in post(world, "packet_loss", container="redis-2").get_json()["detail"]
    answer = post(world, container="billing")
    assert answer.status_code == 422
    [error] = answer.get_json()["errors"]
    assert (error["field"], "redis-2" in error["reason"]) == ("container", True)


def test_a_preview_says_what_would_happen_and_does_nothing(world):
    world.add("redis")
    body = {"service": "redis", "fault": "packet_loss", "parameters": {"percent": 12.5}}
    preview = world.client.post("/api/v1/faults/preview", json=body).get_json()
    assert preview["preview"] == "12.5 % of the packets that reach redis are lost."
    assert (preview["mechanism"], preview["kernel_expiring"]) == ("nftables", True)
    assert world.store.faults.faults(FaultFilter()) == []


def test_nothing_is_injected_that_no_disk_would_remember(world):
    redis = world.add("redis")
    world.journal.full = True
    assert post(world).status_code == 503
    assert world.engine.inspect(redis.id).status == "running"


def test_faults_are_injected_and_undone_while_postgres_is_away(world):
    redis = world.add("redis")
    with world.store.away():
        fault = inject(world)
        world.client.delete(f"/api/v1/faults/{fault.id}")
    assert world.engine.inspect(redis.id).status == "running"
    wait_until(lambda: world.records.backlog() == 0)
    assert world.store.faults.fault(fault.id).state is FaultState.UNDONE


def test_the_emergency_stop_undoes_five_faults_and_lets_none_in_until_released(world):
    names = [f"redis-{number}" for number in range(5)]
    containers = [world.add(name) for name in names]
    faults = [inject(world, "pause", name) for name in names]
    stopped = world.client.post("/api/v1/chaos/stop", json={"why": "enough"}).get_json()
    assert (stopped["engaged"], stopped["why"], stopped["active"]) == (True, "enough", [])
    assert {ended(world, fault).reason for fault in faults} == {"emergency stop: enough"}
    assert {world.engine.inspect(item.id).status for item in containers} == {"running"}
    assert post(world, service=names[0]).status_code == 409
    assert world.journal.stopped().by == "operator"
    assert world.client.post("/api/v1/chaos/release").get_json()["engaged"] is False
    assert post(world, service=names[0]).status_code == 201


def test_a_fault_that_is_being_checked_while_the_emergency_stop_is_engaged_is_undone_too(world):
    world.add("redis")
    desk, look = world.backend.faults.desk, world.fault_engine.look
    stopping = threading.Thread(target=desk.stop_all, args=("alice", "enough"))

    def look_meanwhile(container_id):
        world.fault_engine.look = look
        stopping.start()
        wait_until(world.backend.faults.emergency.engaged)
        return look(container_id)

    world.fault_engine.look = look_meanwhile
    assert post(world).status_code in (201, 202)
    stopping.join()
    [fault] = world.store.faults.faults(FaultFilter())
    assert ended(world, fault).reason == "emergency stop: enough"


@pytest.mark.parametrize("sent", [{}, {"data": "why=enough"}, {"json": {}}])
def test_the_emergency_stop_needs_no_words(world, sent):
    stopped = world.client.post("/api/v1/chaos/stop", **sent).get_json()
    assert (stopped["engaged"], stopped["why"]) == (True, "stopped by hand")


def test_a_preview_is_refused_while_the_emergency_stop_is_engaged(world):
    world.add("redis")
    world.client.post("/api/v1/chaos/stop", json={"why": "enough"})
    body = {"service": "redis", "fault": "pause"}
    assert world.client.post("/api/v1/faults/preview", json=body).status_code == 409


def test_a_fault_that_another_backend_began_is_ended_when_it_is_overdue(world):
    redis = world.add("redis")
    world.engine.pause(redis.id)
    left = a_fault(
        container_id=redis.id,
        started_at_of_target=redis.started_at,
        state=FaultState.ACTIVE,
        active_at=world.clock.now(),
        ends_at=world.clock.now(),
        snapshot={"state": "running"},
        plan=PAUSED,
    )
    world.journal.put(left)
    world.backend.faults.desk.recall(world.journal)
    world.backend.faults.desk.supervise()
    over = ended(world, left)
    assert (over.state, over.reason) == (FaultState.UNDONE, "the lease ended")
    assert world.engine.inspect(redis.id).status == "running"


@pytest.mark.parametrize("how", ["undo", "emergency stop"])
def test_an_end_that_is_asked_for_before_a_new_backend_attends_to_the_fault_is_not_forgotten(
    world, monkeypatch, how
):
    monkeypatch.setattr(desk, "UNDO_SECONDS", 0.0)
    redis = world.add("redis")
    world.engine.pause(redis.id)
    left = a_fault(
        container_id=redis.id,
        started_at_of_target=redis.started_at,
        state=FaultState.ACTIVE,
        active_at=world.clock.now(),
        ends_at=world.clock.now() + timedelta(hours=1),
        plan=PAUSED,
    )
    world.fault_engine.start(sidecar_of(left))
    world.journal.put(left)
    world.backend.faults.desk.recall(world.journal)
    if how == "undo":
        world.client.delete(f"/api/v1/faults/{left.id}")
    else:
        world.client.post("/api/v1/chaos/stop", json={"why": "enough"})
    world.backend.faults.desk.supervise()
    assert ended(world, left).state is FaultState.UNDONE
    assert world.engine.inspect(redis.id).status == "running"


def test_a_fault_never_has_two_attendants(world):
    desk, over = world.backend.faults.desk, threading.Event()
    supervising = threading.Thread(target=lambda: [desk.supervise() for _ in iter(over.is_set, True)])
    supervising.start()
    names = [f"redis-{number}" for number in range(20)]
    for name in names:
        world.add(name)
        inject(world, "packet_loss", name)
    over.set()
    supervising.join()
    assert len(sidecars(world)) == len(names)


def test_a_fault_that_only_its_sidecar_remembers_is_taken_over(world):
    redis = world.add("redis")
    world.engine.pause(redis.id)
    left = a_fault(container_id=redis.id, started_at_of_target=redis.started_at, plan=PAUSED)
    world.fault_engine.start(sidecar_of(left.injecting(world.clock.now())))
    world.backend.faults.desk.reap()
    world.backend.faults.desk.supervise()
    over = ended(world, left)
    assert over.reason == "the backend went away while it was being injected or undone"
    assert world.engine.inspect(redis.id).status == "running"
    assert sidecars(world) == []


def test_chaos_asks_by_command_and_reads_the_record(world):
    world.add("redis")
    fault_id = str(uuid4())
    order = {"fault_id": fault_id, "service": "redis", "fault": "pause", "lease_seconds": 30}
    answer = command(world, "backend.inject_fault", **order)
    assert (answer["fault"]["id"], answer["fault"]["state"]) == (fault_id, "active")
    assert answer["fault"]["requested_by"] == "chaos"
    again = command(world, "backend.inject_fault", **order)
    assert again["fault"]["id"] == fault_id
    undone = command(world, "backend.undo_fault", fault_id=fault_id, reason="hypothesis failed")
    assert (undone["fault"]["state"], undone["fault"]["reason"]) == ("undone", "hypothesis failed")


def test_chaos_names_the_container_that_it_wants_to_hurt(world):
    first = world.add("redis")
    second = world.engine.add("redis-2", labels=first.labels)
    world.see()
    order = {"service": "redis", "fault": "pause", "lease_seconds": 30, "container": "redis-2"}
    answer = command(world, "backend.inject_fault", fault_id=str(uuid4()), **order)
    assert answer["fault"]["container_id"] == second.id


def test_chaos_engages_the_emergency_stop_by_command_and_the_first_reason_stands(world):
    world.add("redis")
    fault = inject(world)
    told = command(world, "backend.stop_chaos", why="billing is down")
    assert (told["by"], told["why"]) == ("chaos", "billing is down")
    assert command(world, "backend.stop_chaos", why="again")["why"] == "billing is down"
    assert ended(world, fault).reason == "emergency stop: billing is down"


def test_a_service_that_answered_before_and_does_not_afterwards_is_named(world, monkeypatch):
    monkeypatch.setattr(pulse, "PATIENCE_SECONDS", 0.2)
    redis = world.add("redis")
    fault = inject(world)
    world.engine.answer(redis.id, ProbeResult(alive=False, detail="LOADING", duration_ms=0.1))
    over = world.client.delete(f"/api/v1/faults/{fault.id}").get_json()
    assert (over["state"], over["result"]) == (
        "failed",
        ["probe: it answered before, and does not now: LOADING"],
    )


def test_a_fault_that_ended_while_another_still_hurts_the_service_is_clean(world):
    redis = world.add("redis")
    cap, loss = inject(world, "cpu_cap"), inject(world, "packet_loss")
    world.engine.answer(redis.id, ProbeResult(alive=False, detail="silence", duration_ms=0.1))
    over = world.client.delete(f"/api/v1/faults/{cap.id}").get_json()
    assert (over["state"], over["result"]) == ("undone", "clean")
    assert world.backend.faults.active.on("redis") == [loss]


def test_a_service_that_was_stopped_meanwhile_need_not_answer(world):
    world.add("redis")
    fault = inject(world, "cpu_cap")
    world.client.post("/stop/redis")
    over = world.client.delete(f"/api/v1/faults/{fault.id}").get_json()
    assert (over["state"], over["result"]) == ("undone", "clean")


def test_what_the_engine_refuses_for_a_moment_is_undone_all_the_same(world):
    redis = world.add("redis")
    fault = inject(world)
    world.engine.refuse("unpause", "try again")
    threading.Timer(0.1, world.engine.refuse, ("unpause", None)).start()
    over = world.client.delete(f"/api/v1/faults/{fault.id}").get_json()
    assert (over["state"], over["result"]) == ("undone", "clean")
    assert world.engine.inspect(redis.id).status == "running"


@pytest.mark.parametrize("fault", ["explode", "pause"])
def test_what_cannot_be_done_by_command_is_an_answer(world, fault):
    order = {"fault_id": str(uuid4()), "service": "nope", "fault": fault, "lease_seconds": 30}
    assert "refused" in command(world, "backend.inject_fault", **order)


def command(world, kind, **payload):
    message = Message(type=kind, occurred_at=world.clock.now(), actor="chaos", payload=payload)
    return world.backend.commands()(message).payload
