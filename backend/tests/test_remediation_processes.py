"""Remediation with a real backend process, a real remediator process, a real engine and a real broker, which is
itself one of the services; Postgres is away all the time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
import requests
from docker.models.containers import Container

from backend.tests.test_live import Client
from incidentops.testing.bus_broker import Broker, real_broker
from incidentops.testing.containers import free_port
from incidentops.testing.containers import wait_until as wait

pytestmark = [pytest.mark.engine, pytest.mark.broker]

IMAGE = "incidentops/base:trixie"
PROJECT = "heal-test"
LISTEN = (
    "use Socket; $SIG{TERM} = sub { exit 0 }; socket(S, PF_INET, SOCK_STREAM, 0);"
    "setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, sockaddr_in(9000, INADDR_ANY)); listen(S, 16);"
    "while (accept(C, S)) { close(C) }"
)
ANSWERING = ["perl", "-e", LISTEN]
SLOW = ["perl", "-e", f"$SIG{{TERM}} = sub {{ exit 0 }}; sleep 4; {LISTEN}"]
PROBE = {"incidentops.probe": "tcp://:9000"}


@dataclass
class Processes:
    """Backend and remediator, and the services they are to heal."""

    api: str
    remediator: subprocess.Popen
    remediator_page: str
    service: Callable[..., tuple[str, Container]]

    def post(self, path: str, **options) -> dict:
        answer = requests.post(self.api + path, timeout=90, **options)
        answer.raise_for_status()
        return answer.json()

    def shown(self, name: str) -> dict:
        answer = requests.get(f"{self.api}/api/v1/services/{name}", timeout=5)
        return answer.json() if answer.ok else {}

    def rows(self, name: str, *verbs: str) -> list[dict]:
        """The card's log, as a panel gets it: the action log itself cannot be read without Postgres."""
        panel = Client(self.api)
        snapshot = panel.wait_for(lambda kind, _: kind == "snapshot")
        panel.io.disconnect()
        return [row for row in snapshot["actions"].get(name, []) if row["verb"] in verbs]

    def wait_for(self, name: str, **expected) -> None:
        wait(
            lambda: expected.items() <= self.shown(name).items(), seconds=60, what=f"{name} shows {expected}"
        )


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    labels = {
        "incidentops.service": "rabbitmq",
        "incidentops.probe": "amqp://:5672",
        "com.docker.compose.project": PROJECT,
    }
    with real_broker("heal-test", [f"--label={key}={value}" for key, value in labels.items()]) as running:
        yield running


@pytest.fixture
def processes(broker: Broker, tmp_path: Path) -> Iterator[Processes]:
    port, page_port = free_port(), free_port()
    environment = os.environ | {
        "INCIDENTOPS_HTTP_PORT": str(port),
        "INCIDENTOPS_METRICS_PORT": str(page_port),
        "INCIDENTOPS_STATE_DIR": str(tmp_path),
        "INCIDENTOPS_PROJECT": "heal-test-control",
        "INCIDENTOPS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "INCIDENTOPS_BROKER_URL": broker.url(),
        "INCIDENTOPS_CACHE_URL": "redis://127.0.0.1:1/0",
    }
    with ExitStack() as stack:
        client = docker.from_env()
        stack.callback(client.close)

        def run(member: str) -> subprocess.Popen:
            log = stack.enter_context((tmp_path / member).open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", f"incidentops_{member}"], env=environment, stdout=log, stderr=log
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        def service(name: str, command: list[str], **labels: str) -> tuple[str, Container]:
            own = {"incidentops.service": name, "com.docker.compose.project": PROJECT} | labels
            container = client.containers.run(
                IMAGE, command, name=f"heal-test-{name}", labels=own, detach=True
            )
            stack.callback(lambda: container.remove(force=True))
            processes.wait_for(f"{PROJECT}/{name}", status="UP")
            return f"{PROJECT}/{name}", container

        run("backend")
        processes = Processes(
            f"http://127.0.0.1:{port}", run("remediator"), f"http://127.0.0.1:{page_port}", service
        )
        processes.wait_for(f"{PROJECT}/rabbitmq", status="UP")
        wait(lambda: _bus_is_up(processes), seconds=60, what="backend and remediator are on the bus")
        yield processes


def _bus_is_up(processes: Processes) -> bool:
    ready = requests.get(f"{processes.api}/health/ready", timeout=5).json()["dependencies"]
    connected = requests.get(f"{processes.remediator_page}/health/ready", timeout=5).ok
    return connected and {item["name"]: item["state"] for item in ready}["rabbitmq"] == "up"


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_the_remediator_heals_over_the_bus_and_the_backend_when_the_broker_is_among_the_dead(processes):
    first, _ = processes.service("redis", ANSWERING, **PROBE)
    second, _ = processes.service("billing", ANSWERING, **PROBE)
    for name in (first, second):
        processes.post(f"/stop/{name}")
    answer = processes.post("/remediate")
    assert (answer["status"], answer["services_remediated"]) == ("completed", [first, second])
    assert processes.rows(first, "start")[-1]["actor"] == "remediator"

    for name in (second, f"{PROJECT}/rabbitmq", first):
        processes.post(f"/stop/{name}")
    answer = processes.post("/remediate")
    assert (answer["status"], answer["services_remediated"]) == (
        "completed",
        [second, f"{PROJECT}/rabbitmq", first],
    )
    assert processes.rows(first, "start")[-1]["actor"] == "backend"
    assert {processes.shown(name)["status"] for name in answer["services_remediated"]} == {"UP"}


@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_a_remediator_lost_between_restart_and_verification_causes_no_second_restart(processes, harm):
    name, container = processes.service("slow", SLOW, **PROBE)
    processes.post(f"/stop/{name}")
    answers = []
    asking = in_background(lambda: answers.append(processes.post("/remediate")))
    processes.wait_for(name, status="UP", busy=None)
    processes.remediator.send_signal(harm)
    container.reload()
    begun = container.attrs["State"]["StartedAt"]
    asking.join()
    processes.remediator.send_signal(signal.SIGCONT)
    assert answers[0]["services_remediated"] == [name]
    [start] = processes.rows(name, "start", "restart")
    assert (start["actor"], start["outcome"]) == ("remediator", "succeeded")
    assert "fell silent" in processes.rows(name, "remediate")[-1]["message"]
    container.reload()
    assert container.attrs["State"]["StartedAt"] == begun


def test_a_service_that_ends_at_once_is_told_and_the_others_are_healed(processes):
    once = ["sh", "-c", 'test ! -e /gone && touch /gone && exec perl -e "$0"', LISTEN]
    broken, _ = processes.service("once", once)
    sound, _ = processes.service("redis", ANSWERING, **PROBE)
    for name in (broken, sound):
        processes.post(f"/stop/{name}")
    answer = processes.post("/remediate")
    assert (answer["status"], answer["services_remediated"]) == ("partial", [sound])
    [failed] = answer["services_failed"]
    assert (failed["service"], "exit code 1" in failed["reason"]) == (broken, True)


def test_without_a_remediator_the_backend_waits_half_a_second_for_a_claim(processes):
    name, _ = processes.service("redis", ANSWERING, **PROBE)
    processes.remediator.kill()
    processes.post(f"/stop/{name}")
    begin = time.monotonic()
    assert processes.post("/remediate")["services_remediated"] == [name]
    assert time.monotonic() - begin < 0.5 + 3


def test_a_kill_in_auto_mode_is_healed(processes):
    name, container = processes.service("redis", ANSWERING, **PROBE)
    chosen = processes.post(f"/api/v1/services/{name}/recovery", json={"mode": "auto"})
    assert chosen["recovery_mode"] == "auto"
    container.kill()
    wait(lambda: processes.rows(name, "remediate") != [], seconds=60, what="it is healed")
    processes.wait_for(name, status="UP", recovery_mode="auto", wish=None)
    processes.post(f"/stop/{name}")
    processes.wait_for(name, status="DOWN", wish="stopped")
    assert len(processes.rows(name, "remediate")) == 1
