"""A network that breaks off, as it does for Chromium whenever a container comes or goes: the panel heals by itself."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from e2e.test_pages import NEWEST_INCIDENT, PAGES

pytestmark = [pytest.mark.stack, pytest.mark.browser]

BROKEN_OFF = "connectionreset"
BROWSER_SAYS = "net::ERR_CONNECTION_RESET"
READ_BY_PAGES = [name for name, (address, _) in PAGES.items() if address != NEWEST_INCIDENT]


def break_off_first_reads(page: Page) -> set[str]:
    """From now on the first read of each path of the API finds no answer. Returns the paths, as they come."""
    broken_off: set[str] = set()

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if route.request.method != "GET" or path in broken_off:
            route.fallback()
            return
        broken_off.add(path)
        route.abort(BROKEN_OFF)

    page.route("**/api/v1/**", answer)
    return broken_off


def visit(page: Page, name: str) -> tuple[set[str], Locator]:
    address, drawn = PAGES[name]
    broken_off = break_off_first_reads(page)
    page.goto(page.url.rstrip("/") + address)
    return broken_off, drawn(page)


def own_complaints(open_panel: Callable[..., Page]) -> list[str]:
    """What the console says beside the browser's own line about a request that was broken off."""
    return [text for text in open_panel.complaints if BROWSER_SAYS not in text]


def test_a_page_whose_code_was_broken_off_comes_all_the_same(open_panel, stack):
    page = open_panel()
    page.route("**/assets/AuditPage-*.js", lambda route: route.abort(BROKEN_OFF), times=1)
    with page.expect_event("requestfailed", lambda request: "AuditPage" in request.url):
        page.get_by_role("link", name="Audit").click()
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    assert own_complaints(open_panel) == []


def test_a_page_whose_code_is_gone_offers_to_load_the_panel_again(open_panel, stack):
    page = open_panel()
    gone = "**/assets/AuditPage-*.js"
    page.route(gone, lambda route: route.fulfill(status=404, body="no such file"))
    page.get_by_role("link", name="Audit").click()
    notice = page.get_by_role("main").get_by_role("status")
    expect(notice).to_contain_text("the panel was updated after you opened it")
    expect(page.get_by_test_id("connection")).to_have_attribute("data-link", "live")
    page.unroute(gone)
    notice.get_by_role("button", name="Load the panel again").click()
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()


@pytest.mark.parametrize(
    "name",
    ["audit", *(pytest.param(each, marks=pytest.mark.full) for each in READ_BY_PAGES if each != "audit")],
)
def test_a_page_whose_first_reads_were_broken_off_shows_what_it_is_to_show(open_panel, stack, name):
    broken_off, drawn = visit(open_panel(), name)
    expect(drawn).to_be_visible()
    assert broken_off
    assert own_complaints(open_panel) == []
