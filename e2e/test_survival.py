"""Restarts of the backend: what the operator wants comes back, connected or not."""

import time

import pytest

pytestmark = pytest.mark.stack


def test_the_backend_brings_services_back_to_what_the_operator_wants(stack):
    stack.post("/stop/redis").raise_for_status()
    backend = stack.container("backend")
    backend.stop()
    stack.container("worker").kill()
    stack.container("redis").start()  # against the operator's wish, behind our back
    backend.start()
    stack.wait_for("worker", status="UP")
    stack.wait_for("redis", status="DOWN", wish="stopped")
    [row] = stack.actions("worker", limit=1)
    assert (row["verb"], row["source"], row["outcome"]) == ("start", "boot", "succeeded")


def test_the_backend_killed_comes_back_with_the_truth_and_closes_what_it_left_open(stack):
    accepted = [stack.post("/ping/redis").json()["action_id"] for _ in range(20)]
    backend = stack.container("backend")
    backend.kill()
    backend.start()  # a kill by hand is not undone by a restart policy
    stack.wait_for("redis", status="UP")
    stored = {row["id"] for row in stack.actions("redis", limit=200)}
    assert set(accepted) <= stored
    assert [row for row in stack.actions("redis") if row["outcome"] == "running"] == []


def test_every_service_stops_within_three_seconds_with_exit_0(stack):
    for service in (
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
    ):
        container = stack.container(service)
        begin = time.monotonic()
        container.stop(timeout=10)
        seconds = time.monotonic() - begin
        container.reload()
        assert container.attrs["State"]["ExitCode"] == 0, service
        assert seconds < 3, f"{service} took {seconds:.1f} s"
        container.start()


def test_live_view_and_actions_work_without_redis_rabbitmq_and_postgres(stack):
    for service in ("redis", "rabbitmq", "postgres"):
        stack.post(f"/stop/{service}").raise_for_status()
    assert stack.post("/restart/worker").json()["status"] == "UP"
    assert stack.services()["postgres"]["status"] == "DOWN"
    for service in ("postgres", "rabbitmq", "redis"):
        assert stack.post(f"/start/{service}").json()["status"] == "UP"
