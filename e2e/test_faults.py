"""Faults on the whole stack: from the panel, and while those who should end them are dead."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import expect

from e2e.accessibility import severe_findings
from e2e.conftest import ARTIFACTS
from e2e.stack import API

FAULTS = f"{API}/api/v1/faults"
pytestmark = pytest.mark.stack


def inject(stack, service: str, kind: str, lease: float, **parameters) -> dict:
    body = {"service": service, "fault": kind, "parameters": parameters, "lease_seconds": lease}
    answer = stack.post("/api/v1/faults", json=body)
    assert answer.status_code in (201, 202), answer.text
    return answer.json()


def ended(stack, fault: dict) -> dict:
    """The fault once it has ended; asked again while the backend or Postgres is away."""

    def read() -> dict:
        try:
            answer = requests.get(f"{FAULTS}/{fault['id']}", timeout=15)
        except requests.RequestException:
            return {}
        return answer.json() if answer.ok else {}

    stack.wait_until(lambda: read().get("state") in ("undone", "failed"), f"{fault['kind']} has ended")
    return read()


def proven_clean(fault: dict) -> None:
    assert (fault["state"], fault["result"]) == ("undone", "clean"), fault


@pytest.mark.browser
def test_a_fault_is_injected_marked_everywhere_and_undone_from_the_panel(open_panel, stack):
    page = open_panel()
    page.get_by_role("button", name="More verbs of redis").click()
    page.get_by_role("menuitem", name="Faults of redis").click()
    dialog = page.get_by_role("dialog", name="Faults of redis")
    expect(dialog.get_by_text("% of the packets that reach redis are lost")).to_be_visible()
    dialog.get_by_role("button", name="Inject").click()
    expect(dialog.get_by_role("button", name="Undo packet loss")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("fault-redis")).to_contain_text("packet loss")
    page.goto(page.url.rstrip("/") + "/topology")
    expect(page.get_by_test_id("node-redis")).to_contain_text("packet loss")
    page.get_by_test_id("active-faults").click()
    page.get_by_role("button", name="Undo packet loss on redis").click()
    expect(page.get_by_test_id("active-faults")).to_have_count(0)
    assert open_panel.complaints == []


@pytest.fixture
def latency(stack) -> Iterator[dict]:
    """A fault on redis that outlasts its test, and is over before the next."""
    fault = inject(stack, "redis", "latency", lease=120, milliseconds=20)
    yield fault
    requests.delete(f"{FAULTS}/{fault['id']}", timeout=15)
    ended(stack, fault)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_marks_and_dialog_fit_a_phone_and_are_accessible(open_panel, stack, latency, theme):
    page = open_panel(theme=theme, size=(390, 844))
    expect(page.get_by_test_id("fault-redis")).to_contain_text("latency")
    page.get_by_role("button", name="More verbs of redis").click()
    page.get_by_role("menuitem", name="Faults of redis").click()
    dialog = page.get_by_role("dialog", name="Faults of redis")
    expect(dialog.get_by_role("button", name="Undo latency")).to_be_visible()
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"faults-{theme}-narrow.png")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert severe_findings(page) == []
    dialog.get_by_role("button", name="Undo latency").click()
    proven_clean(ended(stack, latency))


@pytest.mark.parametrize("dead", ["chaos", "rabbitmq"])
def test_faults_of_every_mechanism_end_clean_when_chaos_or_the_broker_is_killed(stack, dead):
    """One of each: rules, a delayed queue, a stressor, the engine. Others on these need no test of their own: from
    the request on, a fault's way leads from the backend to the engine and its sidecar, and past neither of the two."""
    faults = [
        inject(stack, "redis", "packet_loss", lease=8, percent=10),
        inject(stack, "redis", "latency", lease=8, milliseconds=10),
        inject(stack, "redis", "cpu_pressure", lease=8, workers=1),
        inject(stack, "worker", "pause", lease=8),
    ]
    stack.container(dead).kill()
    for fault in faults:
        proven_clean(ended(stack, fault))


def test_the_database_itself_is_frozen_the_backend_is_killed_and_the_database_comes_back(stack):
    fault = inject(stack, "postgres", "pause", lease=6)
    stack.container("backend").kill()
    stack.container("backend").start()
    proven_clean(ended(stack, fault))
    stack.wait_for("postgres", status="UP")
