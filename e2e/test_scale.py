"""Five hundred services on one page: found, scrolled to and followed live without waiting."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from e2e.conftest import PANEL
from e2e.scripted_backend import ScriptedBackend

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SERVICES = [f"billing-{number:03}" for number in range(500)]
STEP = timedelta(seconds=0.5)
PATIENT_MS, PROMPT_MS = 30_000, 5_000
"""For the first drawing on a loaded machine, and for what a hand waits for."""


@pytest.mark.timeout(180)
def test_five_hundred_services_are_usable(browser: Browser, stack):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    backend = ScriptedBackend(page, SERVICES)
    page.goto(PANEL)
    expect(page.get_by_test_id("card-billing-000")).to_be_visible(timeout=PATIENT_MS)
    last = page.get_by_test_id("card-billing-499")
    last.scroll_into_view_if_needed(timeout=PATIENT_MS)
    expect(last).to_be_in_viewport()
    page.get_by_label("Filter services").fill("billing-42")
    expect(page.locator('[data-testid^="card-billing-"]')).to_have_count(10, timeout=PROMPT_MS)
    page.get_by_label("Filter services").fill("")
    expect(page.get_by_test_id("card-billing-000")).to_be_visible(timeout=PROMPT_MS)
    newest = backend.deltas(100, step=STEP)
    page.get_by_label("Filter services").fill(f"billing-{backend.revision % len(SERVICES):03}")
    expect(page.get_by_text(newest).first).to_be_visible(timeout=PROMPT_MS)
    context.close()
