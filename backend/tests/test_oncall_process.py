"""A backend as a process, a real Postgres, a real receiver: pages as a fresh installation sends them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from backend.tests.conftest import wait_until
from incidentops.catcher.letters import Letter, Letters
from incidentops.catcher.web import WebCatcher
from incidentops.testing.containers import free_port
from incidentops.testing.store_containers import PostgresContainer, running_postgres

pytestmark = pytest.mark.store


@dataclass
class Running:
    """The backend's address, what it sent, and its database."""

    url: str
    letters: Letters
    postgres: PostgresContainer

    def get(self, path: str) -> dict:
        answer = requests.get(self.url + path, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def send(self, verb: str, path: str, body: dict) -> requests.Response:
        return requests.request(verb, self.url + path, json=body, timeout=30)

    def pages_about(self, text: str) -> list[Letter]:
        return [
            letter for letter in self.letters.all() if letter.to.startswith("/pages/") and text in letter.body
        ]


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    letters = Letters()
    catcher = WebCatcher(letters, "127.0.0.1", 0)
    catcher.start()
    state, port = tmp_path_factory.mktemp("state"), free_port()
    with running_postgres("oncall-process") as postgres:
        process = _start(state, port, postgres.url, f"http://127.0.0.1:{catcher.port}")
        running = Running(f"http://127.0.0.1:{port}", letters, postgres)
        wait_until(lambda: _knows_its_team(running), seconds=60)
        yield running
        process.kill()
        process.wait()
    catcher.stop()


def _start(state: Path, port: int, database: str, catcher: str) -> subprocess.Popen:
    """No engine, no broker, no cache: paging needs none of them."""
    environment = os.environ | {
        "INCIDENTOPS_HTTP_PORT": str(port),
        "INCIDENTOPS_STATE_DIR": str(state),
        "INCIDENTOPS_ENGINE_URL": "tcp://127.0.0.1:1",
        "INCIDENTOPS_DATABASE_URL": database,
        "INCIDENTOPS_BROKER_URL": "amqp://nobody:nothing@127.0.0.1:1/",
        "INCIDENTOPS_CACHE_URL": "redis://127.0.0.1:1/0",
        "INCIDENTOPS_CATCHER_URL": catcher,
    }
    with (state / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "incidentops_backend"], env=environment, stdout=log, stderr=log
        )


def _knows_its_team(running: Running) -> bool:
    try:
        return running.get("/api/v1/oncall/current?team=operations")["primary"] is not None
    except requests.RequestException:
        return False


def test_an_incident_pages_who_is_on_call_and_an_acknowledgement_stops_it(backend: Running):
    primary = backend.get("/api/v1/oncall/current?team=operations")["primary"]
    body = {"title": "checkout is slow", "service": "billing", "severity": "high"}
    incident = backend.send("POST", "/api/v1/incidents", body).json()
    wait_until(lambda: bool(backend.pages_about("checkout is slow")), seconds=60)
    (letter,) = backend.pages_about("checkout is slow")
    assert letter.to == f"/pages/{primary}"
    path = f"/api/v1/incidents/{incident['id']}"
    wait_until(lambda: backend.get(path)["assignee"] == primary, seconds=60)
    ledger = f"/api/v1/notifications?incident_id={incident['id']}"
    wait_until(lambda: backend.get(ledger)["items"][0]["state"] == "delivered", seconds=60)
    (attempt,) = backend.get(ledger)["items"][0]["attempts"]
    assert attempt["answer"].startswith("200")
    assert attempt["target"].endswith("/…")
    backend.send("PATCH", path, {"status": "acknowledged"}).raise_for_status()
    escalation = f"/api/v1/escalations/{incident['id']}"
    wait_until(lambda: backend.get(escalation)["state"] == "acknowledged", seconds=60)


def test_a_synthetic_page_goes_the_whole_way_and_is_measured(backend: Running):
    def measured() -> bool:
        text = requests.get(f"{backend.url}/metrics", timeout=10).text
        return "incidentops_synthetic_page_seconds -1.0" not in text

    wait_until(measured, seconds=60)
    assert any(letter.to == "/synthetic" for letter in backend.letters.all())


def test_a_critical_alert_pages_while_postgres_is_gone_and_nobody_again_once_it_is_back(backend: Running):
    alert = {"service": "checkout", "severity": "critical", "message": "no answer without a database"}
    paged = {f"/pages/{name}" for name in (_primary(backend), "manager")}
    backend.postgres.kill()
    assert backend.send("POST", "/api/v1/alerts", alert).status_code == 202
    wait_until(lambda: {letter.to for letter in backend.pages_about(alert["message"])} == paged, seconds=60)
    backend.postgres.start()
    wait_until(lambda: len(_delivered(backend, "checkout")) == len(paged), seconds=90)
    (incident,) = backend.get("/api/v1/incidents?service=checkout")["items"]
    escalation = backend.get(f"/api/v1/escalations/{incident['id']}")
    assert (escalation["policy"], escalation["step"], escalation["state"]) == ("sev-1", 2, "running")
    assert len(backend.pages_about(alert["message"])) == len(paged)


def _primary(backend: Running) -> str:
    return backend.get("/api/v1/oncall/current?team=operations")["primary"]


def _delivered(backend: Running, service: str) -> list[str]:
    """Who got a page for the incident of a service, as the ledger has it; nobody while it cannot be asked."""
    try:
        incidents = backend.get(f"/api/v1/incidents?service={service}")["items"]
        pages = [
            backend.get(f"/api/v1/notifications?incident_id={item['id']}")["items"] for item in incidents
        ]
    except requests.RequestException:
        return []
    return [page["recipient"] for items in pages for page in items if page["state"] == "delivered"]
