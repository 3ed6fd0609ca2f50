"""A panel that stays open all day: an hour of deltas leaves no memory behind."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from e2e.conftest import PANEL, PATIENCE_MS
from e2e.scripted_backend import ScriptedBackend

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.full]

SERVICES = ["billing", "postgres", "rabbitmq", "redis"]
STEP = timedelta(seconds=0.5)
QUARTER_OF_AN_HOUR, AN_HOUR = 1_800, 7_200
CHUNK = 300
GROWTH = 1.10


@pytest.mark.timeout(400)
def test_an_hour_of_deltas_does_not_make_the_heap_grow(browser: Browser, stack):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    backend = ScriptedBackend(page, SERVICES)
    page.goto(PANEL)
    expect(page.get_by_test_id("card-redis")).to_be_visible()
    live_through(page, backend, QUARTER_OF_AN_HOUR + 2 * CHUNK)  # what is kept on purpose is full now
    chrome = context.new_cdp_session(page)
    before = heap_bytes(chrome)
    live_through(page, backend, AN_HOUR)
    after = heap_bytes(chrome)
    context.close()
    assert after < before * GROWTH, f"{before / 1e6:.1f} MB became {after / 1e6:.1f} MB"


def live_through(page: Page, backend: ScriptedBackend, count: int) -> None:
    """Send deltas in chunks, each drawn before the next is sent."""
    for _ in range(count // CHUNK):
        message = backend.deltas(CHUNK, step=STEP)
        expect(page.get_by_text(message, exact=False).first).to_be_visible(timeout=60_000)


def heap_bytes(chrome: CDPSession) -> float:
    """What is in use once the garbage is gone."""
    for _ in range(3):
        chrome.send("HeapProfiler.collectGarbage")
    return chrome.send("Runtime.getHeapUsage")["usedSize"]
