"""Every page in both themes, wide and narrow: quiet console, no sideways scroll, accessible; pictures kept."""

import re
from collections.abc import Callable, Iterator

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from e2e.accessibility import severe_findings
from e2e.conftest import ARTIFACTS
from e2e.stack import API, READ_SECONDS

pytestmark = [pytest.mark.stack, pytest.mark.browser]

NEWEST_INCIDENT = "/incidents/newest"
"""Stands for the address of an incident: one is opened for it."""

PAGES: dict[str, tuple[str, Callable[[Page], Locator]]] = {
    "overview": ("/", lambda page: page.get_by_test_id("card-backend").get_by_text("%")),
    "service": ("/services/redis", lambda page: page.get_by_text(re.compile(r"^[1-9]\d* lines$"))),
    "charts": ("/services/redis?tab=charts", lambda page: page.get_by_text("% of one core")),
    "containers": (
        "/services/redis?tab=containers",
        lambda page: page.get_by_role("region", name="Table of replicas"),
    ),
    "topology": ("/topology?service=redis", lambda page: page.get_by_role("list", name="Blast radius")),
    "incidents": ("/incidents", lambda page: page.get_by_role("search")),
    "incident": (NEWEST_INCIDENT, lambda page: page.get_by_role("region", name="Services as they were")),
    "statistics": ("/incidents/statistics", lambda page: page.get_by_text("unresolved")),
    "alerts": ("/alerts", lambda page: page.get_by_role("search")),
    "outages": ("/alerts/outages", lambda page: page.get_by_role("region", name="Table of outage policies")),
    "oncall": ("/oncall", lambda page: page.get_by_role("region", name="Schedule primary")),
    "policies": ("/oncall/policies", lambda page: page.get_by_role("region", name="Policy sev-1")),
    "contacts": ("/oncall/contacts", lambda page: page.get_by_role("button", name="Edit CTO")),
    "notifications": ("/oncall/notifications", lambda page: page.get_by_label("State")),
    "maintenance": ("/oncall/maintenance", lambda page: page.get_by_role("link", name="New window")),
    "replay": ("/oncall/replay", lambda page: page.get_by_role("form", name="Replay a draft")),
    "people": ("/oncall/people", lambda page: page.get_by_role("link", name="engineer-1", exact=True)),
    "user-editor": (
        "/oncall/users/engineer-1",
        lambda page: page.get_by_role("button", name="Send a test by contact method 3"),
    ),
    "team-editor": (
        "/oncall/teams/operations",
        lambda page: page.get_by_role("form", name="Team operations").get_by_text("engineer-1"),
    ),
    "schedule-editor": (
        "/oncall/schedules/primary",
        lambda page: page.get_by_role("region", name="Preview").get_by_text("engineer-").first,
    ),
    "policy-editor": (
        "/oncall/policies/sev-1",
        lambda page: page.get_by_role("listitem", name="step 3").get_by_text("manager"),
    ),
    "window-editor": (
        "/oncall/maintenance/windows/new",
        lambda page: page.get_by_role("textbox", name="Repeats"),
    ),
    "silence-editor": ("/oncall/maintenance/silences/new", lambda page: page.get_by_label("Value")),
    "rules": ("/incidents/rules", lambda page: page.get_by_role("textbox", name="Rules, as YAML")),
    "remediation": ("/remediation", lambda page: page.get_by_role("region", name="Table of policies")),
    "audit": ("/audit", lambda page: page.get_by_role("table")),
    "experiments": (
        "/experiments",
        lambda page: page.get_by_role("list", name="Experiments", exact=True).get_by_text("Redis hangs"),
    ),
    "experiment-editor": (
        "/experiments/redis-hangs/edit",
        lambda page: page.get_by_role("button", name="Add parallel faults"),
    ),
    "settings": ("/settings", lambda page: page.get_by_role("link", name="redis", exact=True)),
}
"""Name → address, and what is there once the page is drawn."""
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
LOOKS = [
    pytest.param([("dark", "wide"), ("light", "narrow")], id="dark-wide-light-narrow"),
    pytest.param(
        [("dark", "narrow"), ("light", "wide")], id="dark-narrow-light-wide", marks=pytest.mark.full
    ),
]
"""Every theme and every size in `make test`, all of their combinations in `make test-full`; two at once, which is
quicker than one after the other."""


@pytest.fixture(scope="module")
def incident(stack) -> Iterator[str]:
    """The address of an incident of redis."""
    body = {"title": "redis answers slowly", "service": "redis", "severity": "high"}
    opened = stack.post("/api/v1/incidents", json=body).json()
    yield f"/incidents/{opened['number']}"
    resolved = {"status": "resolved"}
    requests.patch(
        f"{API}/api/v1/incidents/{opened['id']}", json=resolved, timeout=READ_SECONDS
    ).raise_for_status()


@pytest.mark.parametrize("looks", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_fits_and_is_accessible(open_panel, incident, name, looks):
    address, drawn = PAGES[name]
    address = incident if address == NEWEST_INCIDENT else address
    ARTIFACTS.mkdir(exist_ok=True)
    pages = []
    for theme, size in looks:
        page = open_panel(address, theme=theme, size=SIZES[size])
        pages.append(page)
        expect(drawn(page)).to_be_visible()
        page.screenshot(path=ARTIFACTS / f"{name}-{theme}-{size}.png")
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{overflow} px of sideways scroll"
    assert severe_findings(*pages) == []
    assert open_panel.complaints == []


def test_twelve_cards_and_the_system_window_fit_on_one_screen(open_panel, stack):
    page = open_panel()
    expect(page.get_by_test_id("card-redis")).to_be_visible()
    assert not page.evaluate("document.scrollingElement.scrollHeight > 900") or len(stack.services()) > 12
