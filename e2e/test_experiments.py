"""Experiments on the whole stack: from the browser to their report, halted, interrupted, and stopped by themselves."""

import uuid
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import expect

from e2e.accessibility import severe_findings
from e2e.conftest import ARTIFACTS
from e2e.stack import API

pytestmark = pytest.mark.stack
RUN_MS = 120_000
SLOW_REDIS = {
    "title": "Redis is slow",
    "hypothesis": {
        "title": "The API answers",
        "probes": [{"type": "http", "name": "the API answers", "url": "http://backend:8000/health"}],
    },
    "recovery_seconds": 5,
}


@pytest.fixture(autouse=True)
def chaos_is_allowed(stack) -> Iterator[None]:
    """No emergency stop, neither from earlier tests nor for later ones, and nothing left about redis, which is the
    target of all."""
    requests.post(f"{API}/api/v1/chaos/release", json={}, timeout=30).raise_for_status()
    stack.resolve_incidents("redis")
    yield
    requests.post(f"{API}/api/v1/chaos/release", json={}, timeout=30).raise_for_status()


Begin = Callable[..., dict]


@pytest.fixture
def begin(stack) -> Iterator[Begin]:
    """Runs an experiment of our own, which is forgotten after the test."""
    name = f"redis-is-slow-{uuid.uuid4().hex[:6]}"

    def run(*faults: tuple[str, int], probe: dict | None = None) -> dict:
        steps = [
            {"type": "fault", "name": kind, "fault": kind, "service": "redis", "lease_seconds": lease}
            for kind, lease in faults
        ]
        document = SLOW_REDIS | {"name": name, "method": [*steps, {"type": "pause", "seconds": 60}]}
        if probe:
            document |= {"hypothesis": {"title": "It holds", "probes": [probe]}}
        stack.post("/api/v1/experiments", json=document).raise_for_status()
        begun = stack.post(f"/api/v1/experiments/{name}/runs", json={})
        assert begun.status_code == 201, begun.text
        return begun.json()

    yield run
    requests.delete(f"{API}/api/v1/experiments/{name}", timeout=30)


def read(path: str) -> dict:
    answer = requests.get(f"{API}/api/v1/{path}", timeout=30)
    answer.raise_for_status()
    return answer.json()


def injected(stack, run: dict, faults: int) -> None:
    """Wait until this many faults of the run are there."""

    def there() -> int:
        return sum(entry["kind"] == "fault" and entry["ok"] for entry in read(f"runs/{run['id']}")["entries"])

    stack.wait_until(lambda: there() == faults, f"{faults} faults are active")


def ended(stack, run: dict) -> dict:
    """The report once the run has its verdict and none of its faults is left."""

    def over() -> bool:
        return read(f"runs/{run['id']}")["verdict"] is not None and read("chaos")["active"] == []

    stack.wait_until(over, "the run has ended and its faults with it")
    return read(f"runs/{run['id']}/report.json")


@pytest.mark.browser
def test_an_experiment_is_run_from_the_library_followed_and_its_report_read(open_panel, stack):
    page = open_panel("/experiments?text=redis-hangs")
    page.get_by_role("button", name="Run Redis hangs").click()
    question = page.get_by_role("dialog")
    expect(question.get_by_text("by engine pause, lease 30 s")).to_be_visible()
    question.get_by_role("button", name="Run it").click()

    expect(page.get_by_role("heading", name="of Redis hangs")).to_be_visible()
    lease = page.get_by_role("list", name="Active faults").get_by_text("s left")
    expect(lease).to_be_visible()
    expect(page.get_by_role("status").get_by_text("The hypothesis held.")).to_be_visible(timeout=RUN_MS)

    report = page.get_by_role("region", name="Report")
    row = report.get_by_role("row").filter(has_text="redis")
    expect(row).to_contain_text("engine pause")
    expect(row).to_contain_text("its undo: the experiment is over")
    expect(report.get_by_text("clean").first).to_be_visible()
    expect(page.get_by_role("img", name="freeze redis (redis): undone after")).to_be_visible()
    expect(page.get_by_role("img", name="redis as seen: paused")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="report.md").click()
    assert "**The hypothesis held.**" in download.value.path().read_text()
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "run-dark-wide.png", full_page=True)
    assert severe_findings(page) == []
    assert open_panel.complaints == []


@pytest.mark.browser
def test_a_run_is_halted_from_its_page_and_leaves_nothing_behind(open_panel, stack):
    run = requests.post(f"{API}/api/v1/experiments/redis-loses-packets/runs", json={}, timeout=30).json()
    page = open_panel(f"/runs/{run['id']}", theme="light", size=(390, 844))
    expect(page.get_by_role("list", name="Active faults")).to_be_visible()
    page.get_by_role("button", name="Halt").click()
    expect(page.get_by_role("status").get_by_text("The run was halted.")).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_role("region", name="Report").get_by_text("clean").first).to_be_visible()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{overflow} px of sideways scroll"
    assert open_panel.complaints == []


def test_a_run_whose_chaos_is_killed_ends_as_interrupted_and_leaves_nothing_behind(stack, begin):
    run = begin(("connection_reset", 3), ("packet_loss", 120))
    injected(stack, run, 2)
    stack.container("chaos").kill()
    report = ended(stack, run)
    assert (report["run"]["verdict"], report["run"]["reason"]) == ("interrupted", "chaos fell silent")
    assert report["clean"] is True
    by_lease, by_backend = report["harms"]
    assert (by_lease["healed_by"], by_lease["result"]) == ("the end of its lease", "clean")
    assert (by_backend["healed_by"], by_backend["result"]) == ("its undo: chaos fell silent", "clean")
    sidecars = stack.engine.containers.list(all=True, filters={"label": "incidentops.sidecar=fault"})
    assert not [item for item in sidecars if run["id"] in item.labels["incidentops.fault"]]


def test_a_service_outside_the_experiment_that_dies_engages_the_emergency_stop(stack, begin):
    run = begin(("packet_loss", 60))
    injected(stack, run, 1)
    stack.container("worker").kill()
    report = ended(stack, run)
    assert report["run"]["verdict"] == "halted"
    assert "worker, outside the experiment, is exited" in report["run"]["reason"]
    stopped = read("chaos")
    assert (stopped["engaged"], stopped["by"]) == (True, "chaos")
    assert "worker, outside the experiment" in stopped["why"]


def test_a_probe_that_errs_engages_the_emergency_stop(stack, begin):
    """The statement divides by zero once the run has its fault, a moment after it was requested."""
    query = (
        "select 1 / (select count(*) from experiment_runs"
        " where experiment like 'redis-is-slow-%' and verdict is null"
        " and not exists (select from experiment_entries where run_id = id and entry ->> 'kind' = 'fault'))"
    )
    run = begin(
        ("packet_loss", 60), probe={"type": "sql", "name": "it adds up", "query": query, "tolerance": 1}
    )
    report = ended(stack, run)
    assert report["run"]["verdict"] == "halted"
    assert "it adds up: could not be asked" in report["run"]["reason"]
    assert read("chaos")["engaged"]
