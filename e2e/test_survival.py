"""Restarts of the backend: what the operator wants comes back, connected or not."""

import time

import pytest

pytestmark = pytest.mark.stack

GRACE_SECONDS = 5
"""As in docker-compose.yml; the engine kills what takes longer, and that is no exit code 0."""

STOP_SECONDS = 3.0
"""What a stop may take. A slow one gets a second try: the engine itself is slow on a machine with other work."""


def test_the_backend_brings_services_back_to_what_the_operator_wants(stack):
    stack.post("/stop/redis").raise_for_status()
    backend = stack.container("backend")
    backend.stop()
    stack.container("worker").kill()
    stack.container("redis").start()  # against the operator's wish, behind our back
    backend.start()
    stack.wait_for("worker", status="UP")
    stack.wait_for("redis", status="DOWN", wish="stopped")
    stack.wait_until(
        lambda: _ending_of_the_newest(stack, "worker") == ("start", "boot", "succeeded"),
        "the start at boot is in the log",
    )


def _ending_of_the_newest(stack, service: str) -> tuple[str, str, str]:
    [row] = stack.actions(service, limit=1)
    return row["verb"], row["source"], row["outcome"]


def test_the_backend_killed_comes_back_with_the_truth_and_closes_what_it_left_open(stack):
    accepted = [stack.post("/ping/redis").json()["action_id"] for _ in range(20)]
    backend = stack.container("backend")
    backend.kill()
    backend.start()  # a kill by hand is not undone by a restart policy
    stack.wait_for("redis", status="UP")
    stack.wait_until(
        lambda: set(accepted) <= {row["id"] for row in stack.actions("redis", limit=200)},
        "all that was accepted is stored",
    )
    assert [row for row in stack.actions("redis") if row["outcome"] == "running"] == []


@pytest.mark.parametrize(
    "service",
    [
        "worker",
        "catcher",
        "chaos",
        "remediator",
        "redis",
        "prometheus",
        "rabbitmq",
        "postgres",
        "frontend",
        "backend",
    ],
)
def test_a_service_stops_within_three_seconds_with_exit_0(stack, service):
    container = stack.container(service)
    if _seconds_to_stop(container) >= STOP_SECONDS:
        stack.wait_for(service, status="UP")
        assert _seconds_to_stop(container) < STOP_SECONDS


def _seconds_to_stop(container) -> float:
    """Stop it, which must end with exit 0, and start it again."""
    begin = time.monotonic()
    container.stop(timeout=GRACE_SECONDS)
    seconds = time.monotonic() - begin
    container.reload()
    assert container.attrs["State"]["ExitCode"] == 0
    container.start()
    return seconds


def test_live_view_and_actions_work_without_redis_rabbitmq_and_postgres(stack):
    for service in ("redis", "rabbitmq", "postgres"):
        stack.post(f"/stop/{service}").raise_for_status()
    assert stack.post("/restart/worker").json()["status"] == "UP"
    assert stack.services()["postgres"]["status"] == "DOWN"
    for service in ("postgres", "rabbitmq", "redis"):
        assert stack.post(f"/start/{service}").json()["status"] == "UP"
