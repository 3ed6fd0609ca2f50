"""The curls of seed 001, as written, against http://localhost:8000."""

import pytest
import requests

from e2e.stack import API, READ_SECONDS, SERVICES

pytestmark = pytest.mark.stack


def test_services_lists_every_service_of_the_stack_with_status_and_start(stack):
    shown = stack.services()
    assert set(shown) >= SERVICES
    for name in SERVICES:
        assert shown[name]["status"] == "UP"
        assert shown[name]["started_at"]
        assert shown[name]["recovery_mode"] == "manual"


def test_system_tells_cpu_memory_and_disk_of_the_host(stack):
    system = requests.get(f"{API}/system", timeout=READ_SECONDS).json()
    assert system["cpu"]["units"] >= 1
    assert 0 <= system["cpu"]["free_percent"] <= 100
    for part in ("ram", "disk"):
        assert 0 < system[part]["free"] <= system[part]["total"]


def test_ping_stop_ping_start_with_the_seeds_own_words(stack):
    assert stack.post("/ping/redis").json()["message"] == "Ping succeeded"
    stopped = stack.post("/stop/redis").json()
    assert (stopped["message"], stopped["status"]) == ("Service stopped manually", "DOWN")
    assert stack.post("/ping/redis").json()["message"] == "Ping failed (service DOWN)"
    started = stack.post("/start/redis").json()
    assert (started["message"], started["status"]) == ("Service redis was restarted successfully!!", "UP")


@pytest.mark.parametrize(
    "service", ["postgres", "redis", "rabbitmq", "prometheus", "worker", "frontend", "backend"]
)
def test_every_service_answers_a_ping_by_its_own_protocol(stack, service):
    answer = stack.post(f"/ping/{service}").json()
    assert answer["message"] == "Ping succeeded", answer


def test_every_action_is_a_row_in_the_action_log(stack):
    action_id = stack.post("/restart/worker").json()["action_id"]
    [row] = [item for item in stack.actions("worker") if item["id"] == action_id]
    assert (row["verb"], row["outcome"], row["source"]) == ("restart", "succeeded", "api")
    assert row["duration_ms"] > 0


def test_postgres_can_be_stopped_from_here_and_nothing_that_was_accepted_is_lost(stack):
    accepted = [stack.post("/stop/postgres").json()["action_id"]]
    accepted += [stack.post("/ping/redis").json()["action_id"] for _ in range(5)]
    accepted.append(stack.post("/restart/worker").json()["action_id"])
    assert requests.get(f"{API}/api/v1/actions", timeout=READ_SECONDS).status_code == 503
    accepted.append(stack.post("/start/postgres").json()["action_id"])
    stack.wait_for("postgres", status="UP", health="healthy")
    stack.wait_until(lambda: set(accepted) <= set(_stored_ids(stack)), "all that was accepted is stored")
    stored = _stored_ids(stack)
    assert sorted(stored) == sorted(set(stored)), "an action was stored twice"


def _stored_ids(stack):
    """Ids in Postgres."""
    return [
        row["id"] for service in ("postgres", "redis", "worker") for row in stack.actions(service, limit=200)
    ]
