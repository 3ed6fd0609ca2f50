"""An experiment from the library on the whole stack, from the browser to its report."""

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from e2e.conftest import ARTIFACTS
from e2e.stack import API

pytestmark = [pytest.mark.stack, pytest.mark.browser]
RUN_MS = 120_000


@pytest.fixture(autouse=True)
def chaos_is_allowed(stack):
    """No emergency stop, and nothing that earlier tests left about redis, which is the target of all."""
    requests.post(f"{API}/api/v1/chaos/release", json={}, timeout=30).raise_for_status()
    stack.resolve_incidents("redis")


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
    violations = Axe().run(page).response["violations"]
    assert [item["id"] for item in violations if item["impact"] in {"serious", "critical"}] == []
    assert open_panel.complaints == []


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
