"""The backend on a real engine: a kill seen by a panel, and the engine itself killed under us."""

import threading
import time
from collections.abc import Iterator

import docker
import pytest
from werkzeug.serving import make_server

from backend.tests.conftest import ORIGIN
from backend.tests.test_live import DEADLINE_SECONDS, Client
from backend.tests.twins import beside
from incidentops.adapters.docker import DockerEngine
from incidentops.testing.engine_nested import NestedEngine
from incidentops_backend.access import AccessRules
from incidentops_backend.bootstrap import Backend, Rules

pytestmark = pytest.mark.engine

IMAGE = "incidentops/base:trixie"
LABELS = {"incidentops.service": "billing", "com.docker.compose.project": "backend-test"}


@pytest.fixture(scope="module")
def engine() -> Iterator[NestedEngine]:
    """An engine of our own, with one image."""
    nested = NestedEngine()
    try:
        nested.start()
        nested.load(IMAGE, "unix:///var/run/docker.sock")
        yield nested
    finally:
        nested.close()


@pytest.fixture
def billing(engine) -> Iterator[docker.models.containers.Container]:
    """A running managed service of a foreign project."""
    client = docker.DockerClient(base_url=engine.url)
    container = client.containers.run(
        IMAGE, ["sleep", "infinity"], init=False, labels=LABELS, detach=True, network_mode="none"
    )
    yield container
    container.remove(force=True)
    client.close()


@pytest.fixture
def panel(engine, billing) -> Iterator[Client]:
    """A panel connected to a backend in front of that engine."""
    adapter = DockerEngine(engine.url)
    backend = Backend(beside(adapter), Rules("incidentops", AccessRules.from_origins([ORIGIN])))
    backend.start()
    server = make_server("127.0.0.1", 0, backend.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = Client(f"http://127.0.0.1:{server.port}")
    yield client
    client.io.disconnect()
    backend.stop()
    server.shutdown()
    thread.join()
    server.server_close()
    adapter.close()


def shows(**expected):
    """A snapshot or delta in which billing has these fields."""
    return lambda _name, data: any(
        all(service[key] == value for key, value in expected.items())
        for service in data.get("services", ())
        if isinstance(service, dict)
    )


def test_a_kill_is_seen_by_a_connected_panel(panel, billing):
    panel.wait_for(shows(name="backend-test/billing", status="UP"))
    billing.kill()
    panel.wait_for(shows(name="backend-test/billing", status="DOWN", state="exited", exit_code=137))


def test_the_engine_killed_and_restarted_is_shown_as_unknown_and_then_as_the_truth(panel, engine, billing):
    panel.wait_for(shows(name="backend-test/billing", status="UP"))
    engine.kill()
    panel.wait_for(shows(name="backend-test/billing", state="unknown"))
    engine.start()
    panel.wait_for(shows(name="backend-test/billing", status="DOWN", state="exited"))


def test_a_hung_engine_is_shown_as_unknown_too_and_its_return_without_a_reload(panel, engine, billing):
    panel.wait_for(shows(name="backend-test/billing", status="UP"))
    engine.hang()
    try:
        panel.wait_for(shows(name="backend-test/billing", state="unknown"))
    finally:
        engine.resume()
    seen = len(panel.messages)
    panel.wait_for(
        lambda name, data: (
            (name, data) in panel.messages[seen:]
            and shows(name="backend-test/billing", state="running")(name, data)
        )
    )


def test_a_log_is_followed_over_a_restart_and_let_go(panel, billing):
    lines: list[str] = []
    panel.io.on("log_lines", lambda data: lines.extend(line["text"] for line in data["lines"]) or "taken")
    say(billing, "before")
    panel.io.call("logs_follow", {"service": "backend-test/billing"}, timeout=DEADLINE_SECONDS)
    wait_for(lambda: lines == ["before"], lines)
    billing.restart(timeout=0)
    say(billing, "after")
    wait_for(lambda: lines == ["before", "after"], lines)
    panel.io.call("logs_stop", timeout=DEADLINE_SECONDS)
    wait_for(lambda: not log_threads(), log_threads())


def say(container, text: str) -> None:
    """Have the container write one line."""
    container.exec_run(["sh", "-c", f"echo {text} > /proc/1/fd/1"])


def log_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("log-")]


def wait_for(condition, shown) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, shown
        time.sleep(0.01)
