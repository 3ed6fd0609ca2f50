"""Every page in both themes, wide and narrow: quiet console, no sideways scroll, accessible; pictures kept."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from e2e.conftest import ARTIFACTS

pytestmark = [pytest.mark.stack, pytest.mark.browser]

PAGES = {
    "overview": "/",
    "service": "/services/redis",
    "charts": "/services/redis?tab=charts",
    "containers": "/services/redis?tab=containers",
    "topology": "/topology?service=redis",
    "incidents": "/incidents",
    "statistics": "/incidents/statistics",
    "alerts": "/alerts",
    "oncall": "/oncall",
    "policies": "/oncall/policies",
    "notifications": "/oncall/notifications",
    "maintenance": "/oncall/maintenance",
    "audit": "/audit",
    "settings": "/settings",
}
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_fits_and_is_accessible(open_panel, stack, name, theme, size):
    page = open_panel(PAGES[name], theme=theme, size=SIZES[size])
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-link", "live")
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}-{theme}-{size}.png")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{overflow} px of sideways scroll"
    violations = Axe().run(page).response["violations"]
    assert [item["id"] for item in violations if item["impact"] in {"serious", "critical"}] == []
    assert open_panel.complaints == []


def test_twelve_cards_and_the_system_window_fit_on_one_screen(open_panel, stack):
    page = open_panel()
    expect(page.get_by_test_id("card-redis")).to_be_visible()
    assert not page.evaluate("document.scrollingElement.scrollHeight > 900") or len(stack.services()) > 12
