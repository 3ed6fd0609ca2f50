"""The backend as a process: it starts with everything away, stops promptly, and refuses to be exposed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
import requests

from incidentops.testing.containers import free_port

pytestmark = pytest.mark.engine

PROJECT = "exposure-test"
IMAGE = "incidentops/base:trixie"


@pytest.fixture
def backend(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen, int]]:
    """A backend process whose Postgres, RabbitMQ and Redis do not exist."""
    port = free_port()
    environment = os.environ | {
        "INCIDENTOPS_HTTP_PORT": str(port),
        "INCIDENTOPS_STATE_DIR": str(tmp_path),
        "INCIDENTOPS_PROJECT": PROJECT,
        "INCIDENTOPS_DATABASE_URL": "postgresql://nobody:secret-word@127.0.0.1:1/none",
        "INCIDENTOPS_BROKER_URL": "amqp://nobody:secret-word@127.0.0.1:1/",
        "INCIDENTOPS_CACHE_URL": "redis://:secret-word@127.0.0.1:1/0",
    } | getattr(request, "param", {})  # fmt: skip
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "incidentops_backend"], env=environment, stdout=log, stderr=log
        )
    process.log = tmp_path / "log"
    yield process, port
    if process.poll() is None:
        process.kill()
    process.wait()


def wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(f"http://127.0.0.1:{port}/health", timeout=1).raise_for_status()
        except requests.RequestException:
            assert time.monotonic() < deadline, "the backend does not answer"
            time.sleep(0.05)
        else:
            return


def test_it_serves_with_everything_but_the_engine_away_and_never_logs_a_password(backend):
    process, port = backend
    wait_until_it_answers(port)
    answer = requests.get(f"http://127.0.0.1:{port}/health/ready", timeout=5)
    states = {item["name"]: item["state"] for item in answer.json()["dependencies"]}
    assert {states[name] for name in ("postgres", "rabbitmq", "redis")} <= {"down", "unknown"}
    assert requests.get(f"http://127.0.0.1:{port}/services", timeout=5).status_code == 200
    assert b"secret-word" not in process.log.read_bytes()


def test_sigterm_ends_it_with_exit_0_within_three_seconds(backend):
    process, port = backend
    wait_until_it_answers(port)
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert time.monotonic() - begin < 3


def test_it_ends_by_itself_when_a_door_is_published_beyond_this_machine(request, tmp_path):
    client = docker.from_env()
    labels = {"incidentops.service": "frontend", "com.docker.compose.project": PROJECT}
    door = client.containers.run(
        IMAGE, ["sleep", "infinity"], labels=labels, detach=True, ports={"8080/tcp": ("0.0.0.0", 0)}
    )
    try:
        process, _ = request.getfixturevalue("backend")
        assert process.wait(60) != 0
        assert b"Refusing to serve" in process.log.read_bytes()
    finally:
        door.remove(force=True)
        client.close()


@pytest.mark.parametrize(
    "backend", [{"INCIDENTOPS_HTTP_PORT": "x", "INCIDENTOPS_AUTH": "maybe"}], indirect=True
)
def test_bad_settings_are_told_all_at_once_and_end_it_with_status_2(backend):
    process, _ = backend
    assert process.wait(60) == 2
    said = process.log.read_text()
    assert "INCIDENTOPS_HTTP_PORT" in said
    assert "INCIDENTOPS_AUTH" in said
