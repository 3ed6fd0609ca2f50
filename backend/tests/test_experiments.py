"""Experiments over HTTP and over the bus; chaos is played by the test."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from incidentops.domain.experiments.runs import EntryKind, Phase, Verdict
from incidentops.messages.envelope import Message
from incidentops.messages.ids import uuid7
from incidentops.testing.experiments import a_run, an_entry, an_experiment

from .chaos_player import RUNS, an_incident, begin, get
from .conftest import LIBRARY, World, wait_until

OWN = an_experiment(name="billing-hangs", title="Billing hangs").model_dump(mode="json")


def ask(world: World, command: str, payload: dict[str, Any]) -> dict[str, Any]:
    message = Message(
        type=f"backend.{command}", occurred_at=world.clock.now(), actor="chaos", payload=payload
    )
    return world.backend.commands()(message).payload


def injected(world: World, run: dict[str, Any]) -> str:
    """The id of a fault that freezes redis in this run."""
    fault_id = str(uuid7())
    fault = {
        "fault_id": fault_id,
        "service": "redis",
        "fault": "pause",
        "lease_seconds": 30,
        "parameters": {},
    }
    answer = ask(world, "inject_fault", fault | {"run_id": run["id"]})
    assert answer["fault"]["state"] == "active", answer
    world.see()
    return fault_id


def while_the_engine_is_seen(world: World, act: Callable[[], Any]) -> Any:
    """What it comes to; a fault ends once its target is seen to answer again."""
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        wait_until(lambda: world.see() or acting.done())
    return acting.result()


# -- definitions ---------------------------------------------------------------------------------------------


def test_the_library_and_our_own_are_listed_together(world):
    assert world.client.post("/api/v1/experiments", json=OWN).status_code == 201
    listed = get(world, "experiments")
    assert listed["complete"]
    names = {item["name"]: item["of_library"] for item in listed["items"]}
    assert names["billing-hangs"] is False
    assert sum(names.values()) == len(list(LIBRARY.glob("*.json"))) >= 8


def test_while_postgres_is_away_the_library_is_still_there_and_the_list_says_so(world):
    with world.store.away():
        listed = get(world, "experiments")
        assert not listed["complete"]
        assert len(listed["items"]) >= 8
        assert get(world, "experiments/redis-hangs")["of_library"]
        assert world.client.post("/api/v1/experiments", json=OWN).status_code == 503


def test_our_own_are_kept_changed_and_forgotten(world):
    world.client.post("/api/v1/experiments", json=OWN)
    assert world.client.post("/api/v1/experiments", json=OWN).status_code == 409
    changed = OWN | {"title": "Billing hangs for long"}
    assert world.client.put("/api/v1/experiments/billing-hangs", json=changed).status_code == 200
    assert get(world, "experiments/billing-hangs")["document"]["title"] == "Billing hangs for long"
    assert world.client.put("/api/v1/experiments/other", json=changed).status_code == 422
    assert world.client.delete("/api/v1/experiments/billing-hangs").status_code == 204
    missing = world.client.delete("/api/v1/experiments/billing-hangs")
    assert (missing.status_code, "redis-hangs" in missing.get_json()["known"]) == (404, True)


@pytest.mark.parametrize("verb", ["put", "delete"])
def test_the_library_is_not_changed(world, verb):
    body = get(world, "experiments/redis-hangs")["document"]
    answer = getattr(world.client, verb)("/api/v1/experiments/redis-hangs", json=body)
    assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:incidentops:problem:name-taken")


def test_every_bad_field_is_named_at_once(world):
    answer = world.client.post("/api/v1/experiments", json=OWN | {"lease_seconds": 0, "title": ""})
    assert answer.status_code == 422
    assert {item["field"] for item in answer.get_json()["errors"]} == {"lease_seconds", "title"}


def test_an_exported_experiment_is_imported_under_another_name(world):
    exported = world.client.get("/api/v1/experiments/redis-hangs/export").get_data(as_text=True)
    text = exported.replace('"redis-hangs"', '"redis-hangs-too"')
    assert world.client.post("/api/v1/experiments/import", data=text).status_code == 201
    assert world.client.post("/api/v1/experiments/import", data=text).status_code == 409
    assert world.client.post("/api/v1/experiments/import?replace=true", data=text).status_code == 201
    assert world.client.post("/api/v1/experiments/import?check=true", data=exported).status_code == 200
    ours = get(world, "experiments/redis-hangs-too")["document"]
    assert ours == get(world, "experiments/redis-hangs")["document"] | {"name": "redis-hangs-too"}


@pytest.mark.parametrize("text", ["[]", "[" * 100_000, f"[{'9' * 5_000}]", ""])
def test_a_file_that_is_no_document_is_refused_in_one_sentence(world, text):
    answer = world.client.post("/api/v1/experiments/import", data=text)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    [error] = answer.get_json()["errors"]
    assert (error["field"], error["line"]) == ("document", 1)


def test_a_body_that_is_no_object_is_told_so_in_words(world):
    answer = world.client.post("/api/v1/experiments", data="{", content_type="application/json")
    assert (answer.status_code, answer.get_json()["detail"]) == (422, "body: expected a JSON object")


def test_an_imported_file_that_is_not_valid_is_refused_with_the_line(world):
    exported = world.client.get("/api/v1/experiments/redis-hangs/export").get_data(as_text=True)
    answer = world.client.post("/api/v1/experiments/import", data=exported.replace('"pause"', '"meteor"'))
    [error] = answer.get_json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "method[0].provider.func")
    assert exported.splitlines()[error["line"] - 1].strip() == '"func": "pause",'


# -- runs ----------------------------------------------------------------------------------------------------


def test_a_run_is_followed_to_its_report(world, chaos):
    run = begin(world)
    assert (run["phase"], run["asked_by"], run["trigger"]) == ("requested", "operator", "operator")
    [command] = chaos.asked
    assert command.payload["experiment"]["name"] == "redis-hangs"
    chaos.tell(run, Phase.METHOD, an_entry(1, name="the API answers", ok=True, value=200))
    chaos.tell(run, Phase.METHOD, an_entry(1, name="again"), an_entry(2, EntryKind.HALT, name="x"))
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    found = get(world, f"runs/{run['id']}")
    assert (found["verdict"], found["phase"], found["number"]) == ("held", "ended", 1)
    assert [(entry["seq"], entry["name"]) for entry in found["entries"]] == [(1, "the API answers"), (2, "x")]
    assert get(world, "runs/1")["id"] == run["id"]
    assert get(world, "runs/1/report.json")["probes"][0]["times"] == 1
    text = world.client.get("/api/v1/runs/1/report.md").get_data(as_text=True)
    assert "**The hypothesis held.** as told" in text
    assert get(world, "runs/1/journal.json")["status"] == "completed"
    assert get(world, "experiments")["items"][7]["last_run"]["verdict"] == "held"
    metrics = world.client.get("/metrics").get_data(as_text=True)
    assert 'incidentops_experiment_runs_total{experiment="redis-hangs",verdict="held"} 1.0' in metrics


def test_runs_are_paged_newest_first(world, chaos):
    for _ in range(3):
        run = begin(world)
        chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    page = get(world, "runs?limit=2")
    assert [item["number"] for item in page["items"]] == [3, 2]
    rest = get(world, f"runs?limit=2&cursor={page['next_cursor']}&experiment=redis-hangs")
    assert ([item["number"] for item in rest["items"]], rest["next_cursor"]) == ([1], None)


def test_what_targets_looked_like_meanwhile_is_in_the_report(world, chaos):
    run = begin(world)
    fault_id = injected(world, run)
    assert get(world, f"runs/{run['id']}/report.json")["clean"] is None
    undo = {"fault_id": fault_id, "reason": "enough"}
    undone = while_the_engine_is_seen(world, lambda: ask(world, "undo_fault", undo))
    assert undone["fault"]["state"] == "undone"
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    report = get(world, f"runs/{run['id']}/report.json")
    [harm] = report["harms"]
    assert (harm["service"], harm["kind"], harm["result"]) == ("redis", "pause", "clean")
    assert harm["healed_by"] == "its undo: enough"
    assert (report["detection_seconds"], report["recovery_seconds"], report["clean"]) == (0.0, 0.0, True)
    states = [item["state"] for item in report["run"]["sightings"]]
    assert (states[0], states[-1]) == ("paused", "running")


def test_an_interrupted_run_tells_that_it_is_clean_and_how_its_target_came_back(world, chaos):
    run = begin(world)
    injected(world, run)
    world.clock.advance(11)
    while_the_engine_is_seen(world, world.backend.experiments.runs.supervise)
    report = get(world, f"runs/{run['id']}/report.json")
    assert (report["run"]["verdict"], report["clean"]) == ("interrupted", True)
    assert report["harms"][0]["healed_by"] == "its undo: chaos fell silent"
    assert report["recovery_seconds"] == 11.0


def on(container: str) -> dict[str, Any]:
    """An experiment whose fault says which container it hurts."""
    fault = {"type": "fault", "name": "hang it", "fault": "pause", "service": "redis", "container": container}
    return OWN | {"method": [fault]}


def test_a_fault_on_every_container_is_rehearsed_on_each_and_an_unknown_one_refused(world, chaos):
    [redis] = world.backend.view.containers("redis")
    world.engine.add("redis-2", labels=redis.labels)
    world.see()
    world.client.post("/api/v1/experiments", json=on("all"))
    path = "/api/v1/experiments/billing-hangs"
    preview = world.client.post(f"{path}/runs", json={"dry_run": True}).get_json()
    effects = [step["effect"] for step in preview["steps"] if step["fault"]]
    assert [effect.split()[-1] for effect in effects] == ["redis.", "redis-2."]
    assert preview["objections"] == []
    world.client.put(path, json=on("redis-3"))
    refused = world.client.post(f"{path}/runs", json={})
    assert refused.status_code == 409
    assert "redis has no container 'redis-3'; it has: redis, redis-2" in refused.get_json()["detail"]


def test_one_experiment_runs_at_a_time(world, chaos):
    run = begin(world)
    answer = world.client.post("/api/v1/experiments/postgres-hangs/runs", json={})
    assert (answer.status_code, answer.get_json()["run_id"]) == (409, run["id"])
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    begin(world, "postgres-hangs")


def test_what_speaks_against_a_run_is_told_before_anything_is_touched(world, chaos):
    world.client.post("/stop/redis")
    answer = world.client.post("/api/v1/experiments/redis-hangs/runs", json={})
    assert answer.status_code == 409
    assert answer.get_json()["objections"] == ["redis is DOWN already (exited)"]
    assert chaos.asked == []


def test_a_target_in_an_unresolved_incident_is_left_alone_unless_told(world, chaos):
    number = an_incident(world, "redis")["number"]
    preview = world.client.post(RUNS, json={"dry_run": True}).get_json()
    assert preview["objections"] == preview["lifted_by_touch_incidents"]
    assert f"redis is in incident {number}" in preview["objections"][0]
    refused = world.client.post(RUNS, json={})
    assert (refused.status_code, refused.get_json()["objections"]) == (409, preview["objections"])
    told = world.client.post(RUNS, json={"dry_run": True, "touch_incidents": True}).get_json()
    assert (told["objections"], told["lifted_by_touch_incidents"]) == ([], [])
    assert chaos.asked == []
    run = world.client.post(RUNS, json={"touch_incidents": True}).get_json()
    assert get(world, f"runs/{run['id']}")["document"]["blast_radius"]["touch_incidents"]


def test_incidents_of_others_and_those_the_run_brings_about_do_not_matter(world, chaos):
    an_incident(world, "billing")
    run = begin(world)
    an_incident(world, "redis")
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    assert get(world, f"runs/{run['id']}")["verdict"] == "held"


def test_while_postgres_is_away_no_target_counts_as_free_of_incidents(world, chaos):
    with world.store.away():
        refused = world.client.post(RUNS, json={})
        assert refused.status_code == 409
        assert "nobody can say now whether redis is in an unresolved incident" in refused.get_json()["detail"]
        assert world.client.post(RUNS, json={"touch_incidents": True}).status_code == 201


def test_the_emergency_stop_keeps_experiments_out_until_it_is_released(world, chaos):
    world.client.post("/api/v1/chaos/stop", json={"why": "enough"})
    answer = world.client.post("/api/v1/experiments/redis-hangs/runs", json={})
    assert (answer.status_code, answer.get_json()["type"]) == (409, "urn:incidentops:problem:chaos-stopped")
    world.client.post("/api/v1/chaos/release", json={})
    begin(world)


def test_the_emergency_stop_halts_the_run_that_it_finds(world, chaos):
    run = begin(world)
    chaos.tell(run, Phase.METHOD)
    world.client.post("/api/v1/chaos/stop", json={"why": "enough"})
    supervise = world.backend.experiments.runs.supervise
    supervise()
    reason = "emergency stop by operator: enough"
    assert chaos.asked[-1].payload == {"run_id": run["id"], "reason": reason}
    chaos.tell(run, Phase.ROLLBACK)
    asked = len(chaos.asked)
    supervise()
    assert len(chaos.asked) == asked


def test_the_emergency_stop_closes_a_run_of_which_chaos_knows_nothing(world, chaos):
    run = begin(world)
    chaos.answers["chaos.halt_experiment"] = {"halting": False}
    world.client.post("/api/v1/chaos/stop", json={"why": "enough"})
    world.backend.experiments.runs.supervise()
    found = get(world, f"runs/{run['id']}")
    assert (found["verdict"], found["reason"]) == (
        "halted",
        "emergency stop by operator: enough; chaos did not answer",
    )


def test_a_dry_run_tells_everything_and_does_nothing(world, chaos):
    answer = world.client.post("/api/v1/experiments/redis-hangs/runs", json={"dry_run": True})
    preview = answer.get_json()
    assert answer.status_code == 200
    assert (preview["targets"], preview["method_seconds"], preview["objections"]) == (["redis"], 5.0, [])
    step = preview["steps"][0]
    assert (step["service"], step["fault"], step["mechanism"]) == ("redis", "pause", "engine pause")
    assert "redis" in step["effect"]
    assert (chaos.asked, get(world, "runs")["items"]) == ([], [])


def test_a_dry_run_lists_what_speaks_against_it(world, chaos):
    world.client.post("/stop/redis")
    preview = world.client.post("/api/v1/experiments/redis-hangs/runs", json={"dry_run": True}).get_json()
    assert preview["objections"] == ["redis is DOWN already (exited)"]


def test_a_dry_run_tells_of_both_kinds_of_objection_and_of_what_keeps_every_experiment_out(world, chaos):
    number = an_incident(world, "redis")["number"]
    world.client.post("/stop/redis")
    world.client.post("/api/v1/chaos/stop", json={"why": "enough"})
    preview = world.client.post(RUNS, json={"dry_run": True}).get_json()
    stop, down, incident = preview["objections"]
    assert "emergency stop is engaged" in stop
    assert down == "redis is DOWN already (exited)"
    assert f"redis is in incident {number}" in incident
    assert preview["lifted_by_touch_incidents"] == [incident]
    told = world.client.post(RUNS, json={"dry_run": True, "touch_incidents": True}).get_json()
    assert told["objections"] == [stop, down]


def test_what_the_engine_could_not_inject_is_refused_before_anything_is_touched(world, chaos):
    fault = {"service": "redis", "fault": "grey_hang", "parameters": {}, "lease_seconds": 30}
    assert world.client.post("/api/v1/faults", json=fault).status_code == 201
    preview = world.client.post(RUNS, json={"dry_run": True}).get_json()
    [objection] = preview["objections"]
    assert objection.startswith("freeze redis: ")
    refused = world.client.post(RUNS, json={})
    assert (refused.status_code, refused.get_json()["objections"]) == (409, [objection])
    assert chaos.asked == []


@pytest.mark.parametrize("reason", ["busy", None])
def test_a_run_that_chaos_does_not_take_has_failed(world, chaos, reason):
    if reason is None:
        world.bus.go_away()
    chaos.answers["chaos.run_experiment"] = {"accepted": False, "reason": reason}
    answer = world.client.post("/api/v1/experiments/redis-hangs/runs", json={})
    assert (answer.status_code, answer.get_json()["missing"]) == (503, "chaos" if reason else "rabbitmq")
    [run] = get(world, "runs")["items"]
    assert run["verdict"] == "failed"


def test_a_run_is_halted_by_chaos(world, chaos):
    run = begin(world)
    assert world.client.post(f"/api/v1/runs/{run['id']}/halt").status_code == 202
    assert chaos.asked[-1].payload == {"run_id": run["id"], "reason": "halted by operator"}
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HALTED)
    again = world.client.post(f"/api/v1/runs/{run['id']}/halt")
    assert (again.status_code, "ended already" in again.get_json()["detail"]) == (409, True)


def test_a_run_that_chaos_has_lost_is_halted_here(world, chaos):
    run = begin(world)
    chaos.answers["chaos.halt_experiment"] = {"halting": False}
    assert world.client.post(f"/api/v1/runs/{run['id']}/halt").get_json()["verdict"] == "halted"


def test_a_run_of_which_nothing_is_heard_is_interrupted_after_ten_seconds(world, chaos):
    run = begin(world)
    supervise = world.backend.experiments.runs.supervise
    chaos.tell(run, Phase.METHOD)
    world.clock.advance(9)
    supervise()
    assert get(world, f"runs/{run['id']}")["verdict"] is None
    world.bus.go_away()
    world.clock.advance(60)
    supervise()
    world.bus.come_back()
    world.clock.advance(9)
    supervise()
    assert get(world, f"runs/{run['id']}")["verdict"] is None
    world.clock.advance(2)
    supervise()
    found = get(world, f"runs/{run['id']}")
    assert (found["verdict"], found["reason"]) == ("interrupted", "chaos fell silent")
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    assert get(world, f"runs/{run['id']}")["verdict"] == "interrupted"


def test_a_run_is_followed_while_postgres_is_away_and_nothing_of_it_is_lost(world, chaos):
    run = begin(world, "postgres-hangs")
    with world.store.away():
        chaos.tell(run, Phase.METHOD, an_entry(1), an_entry(2))
        chaos.tell(run, Phase.ENDED, an_entry(3), verdict=Verdict.HELD)
        found = get(world, f"runs/{run['id']}")
        assert (found["verdict"], len(found["entries"])) == ("held", 3)
        assert get(world, f"runs/{run['id']}/report.json")["run"]["verdict"] == "held"
    assert world.records.wait_until_replayed(60)
    [stored] = world.store.experiments.runs()
    assert (stored.verdict, len(world.store.experiments.entries(stored.id))) == (Verdict.HELD, 3)


def test_a_run_of_an_earlier_backend_is_followed_and_closed_when_nothing_is_heard(world, chaos):
    earlier = a_run(at=world.clock.now() - timedelta(hours=1))
    world.store.write([earlier])
    runs = world.backend.experiments.runs
    runs.recall()
    runs.supervise()
    assert world.client.post("/api/v1/experiments/redis-hangs/runs", json={}).status_code == 409
    world.clock.advance(11)
    runs.supervise()
    assert get(world, f"runs/{earlier.id}")["verdict"] == "interrupted"


@pytest.mark.parametrize(
    "path", ["runs/nothing", "runs/7", "runs/01a1fef6-79da-7417-aacd-53a5afde5f1b", "experiments/nothing"]
)
def test_what_is_not_there_is_not_found(world, path):
    assert world.client.get(f"/api/v1/{path}").status_code == 404


def test_chaos_asks_services_and_our_own_database(world, chaos):
    world.store.experiments.answers["select 1"] = 1
    service = {"type": "service", "name": "x", "service": "redis"}
    sql = {"type": "sql", "name": "x", "query": "select 1", "tolerance": 1}
    assert ask(world, "ask_probe", {"probe": service}) == {"value": True}
    assert ask(world, "ask_probe", {"probe": sql}) == {"value": 1}
    assert "syntax error" in ask(world, "ask_probe", {"probe": sql | {"query": "selct"}})["error"]
    assert "no service" in ask(world, "ask_probe", {"probe": service | {"service": "nope"}})["error"]
    names = {item["name"] for item in ask(world, "list_services", {})["services"]}
    assert names == {"redis", "postgres", "rabbitmq", "billing"}
