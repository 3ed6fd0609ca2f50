"""Experiments by schedule; chaos is played by the test."""

from typing import Any

from incidentops.domain.experiments.runs import Phase, Verdict

from .chaos_player import an_incident, begin, get
from .conftest import World

NOON = {"timing": {"type": "cron", "cron": "0 12 * * *", "time_zone": "Europe/Berlin"}}
SCHEDULES = "/api/v1/experiments/redis-hangs/schedules"


def left_out_of(world: World) -> list[dict[str, Any]]:
    [item] = get(world, "experiments/redis-hangs/schedules")["items"]
    return item["schedule"]["left_out"]


def test_a_schedule_shows_its_next_moments_is_switched_off_and_forgotten(world):
    made = world.client.post(SCHEDULES, json=NOON).get_json()
    assert [moment[:16] for moment in made["next_moments"]][:2] == ["2026-01-05T11:00", "2026-01-06T11:00"]
    path = f"{SCHEDULES}/{made['schedule']['id']}"
    off = world.client.put(path, json=NOON | {"enabled": False}).get_json()
    assert (off["schedule"]["next_at"], off["next_moments"]) == (None, [])
    assert len(world.client.get(SCHEDULES).get_json()["items"]) == 1
    assert world.client.delete(path).status_code == 204
    assert world.client.delete(path).status_code == 404
    bad = world.client.post(SCHEDULES, json={"timing": {"type": "cron", "cron": "x x x x x"}})
    assert (bad.status_code, "not a cron expression" in bad.get_json()["detail"]) == (422, True)


def test_what_is_due_runs_once_and_what_was_missed_does_not(world, chaos):
    world.client.post(SCHEDULES, json=NOON)
    due = world.backend.experiments.schedules.run_due
    world.clock.advance(2 * 3600)
    due()
    due()
    [run] = get(world, "runs")["items"]
    assert (run["trigger"], run["asked_by"]) == ("schedule", "operator")
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    assert left_out_of(world) == []
    world.clock.advance(24 * 3600 + 600)
    due()
    assert len(get(world, "runs")["items"]) == 1
    [left_out] = left_out_of(world)
    assert left_out["at"] == "2026-01-06T11:00:00Z"
    assert "nobody was there" in left_out["reasons"][0]


def test_a_schedule_tells_why_it_did_not_run_also_after_it_was_changed(world, chaos):
    told = []
    world.backend.experiments.schedules.listen(lambda schedule: told.append(schedule.experiment))
    world.client.post(SCHEDULES, json=NOON)
    run = begin(world)
    world.clock.advance(2 * 3600)
    world.backend.experiments.schedules.run_due()
    chaos.tell(run, Phase.ENDED, verdict=Verdict.HELD)
    assert told == ["redis-hangs"]
    world.client.post("/stop/redis")
    world.clock.advance(24 * 3600)
    world.backend.experiments.schedules.run_due()
    [schedule] = get(world, "experiments/redis-hangs/schedules")["items"]
    path = f"{SCHEDULES}/{schedule['schedule']['id']}"
    assert world.client.put(path, json=NOON | {"enabled": False}).status_code == 200
    newest, oldest = left_out_of(world)
    assert newest == {"at": "2026-01-06T11:00:00Z", "reasons": ["redis is DOWN already (exited)"]}
    assert "one experiment runs at a time" in oldest["reasons"][0]


def test_why_a_schedule_did_not_run_is_in_the_log_alone_while_postgres_is_away(world, chaos):
    world.client.post(SCHEDULES, json=NOON)
    world.clock.advance(2 * 3600)
    claimed = world.store.experiments.claim_due(world.clock.now())
    world.store.experiments.claim_due = lambda _: claimed
    with world.store.away():
        world.backend.experiments.schedules.run_due()
    assert (left_out_of(world), chaos.asked) == ([], [])


def test_the_emergency_stop_keeps_schedules_out(world, chaos):
    world.client.post(SCHEDULES, json=NOON)
    world.client.post("/api/v1/chaos/stop", json={"why": "enough"})
    world.clock.advance(2 * 3600)
    world.backend.experiments.schedules.run_due()
    assert (get(world, "runs")["items"], chaos.asked) == ([], [])
    [left_out] = left_out_of(world)
    assert "emergency stop is engaged" in left_out["reasons"][0]


# -- what chaos asks -----------------------------------------------------------------------------------------


def test_a_schedule_leaves_a_target_in_an_incident_alone_too(world, chaos):
    world.client.post(SCHEDULES, json=NOON)
    number = an_incident(world, "redis")["number"]
    world.clock.advance(2 * 3600)
    world.backend.experiments.schedules.run_due()
    assert (get(world, "runs")["items"], chaos.asked) == ([], [])
    [left_out] = left_out_of(world)
    assert f"redis is in incident {number}" in left_out["reasons"][0]
