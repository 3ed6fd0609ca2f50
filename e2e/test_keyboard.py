"""Everything an operator does, by keyboard alone: no test here touches the pointer."""

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.stack, pytest.mark.browser]

CARD = "worker"
"""Nothing depends on it, so its verbs ask nothing (redis is what others stand on)."""
CARD_ALONE = f"/?q={CARD}"
"""The same overview, but the way to the card leads not through all others."""


def test_ping_stop_and_start_from_the_card(open_panel, stack):
    page = open_panel()
    press(page, button(page, f"Ping {CARD}"))
    expect(page.get_by_test_id(f"log-{CARD}")).to_contain_text("Ping succeeded")
    press(page, button(page, f"Stop {CARD}"))
    expect(led(page, CARD)).to_have_attribute("data-state", "down")
    press(page, button(page, f"Start {CARD}"))
    popup = page.get_by_role("dialog")
    expect(popup).to_contain_text(f"Service {CARD} was restarted successfully!!")
    expect(popup.get_by_role("button", name="OK")).to_be_focused()
    page.keyboard.press("Enter")
    expect(popup).to_be_hidden()
    expect(led(page, CARD)).to_have_attribute("data-state", "up")
    assert open_panel.complaints == []


def test_a_stop_that_others_would_feel_asks_with_the_focus_on_cancel(open_panel, stack):
    page = open_panel()
    press(page, button(page, "Stop redis"))
    effect = page.get_by_role("dialog")
    expect(effect.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(effect).to_be_hidden()
    press(page, button(page, "Stop redis"))
    expect(effect.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(led(page, "redis")).to_have_attribute("data-state", "down")
    assert open_panel.complaints == []


@pytest.mark.parametrize(
    ("verbs", "state"),
    [(("Restart",), "up"), (("Pause", "Unpause"), "up"), (("Kill",), "down")],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else value,
)
def test_the_rarer_verbs_from_the_menu(open_panel, stack, verbs, state):
    page = open_panel(CARD_ALONE)
    for verb in verbs:
        press(page, button(page, f"More verbs of {CARD}"))
        walk_to(page, page.get_by_role("menuitem", name=f"{verb} {CARD}", exact=True))
        page.keyboard.press("Enter")
        if verb == "Kill":
            confirm(page, f"Kill {CARD}")
        if verb == "Pause":
            expect(led(page, CARD)).to_have_attribute("data-state", "paused")
    expect(led(page, CARD)).to_have_attribute("data-state", state)
    assert open_panel.complaints == []


def test_the_recovery_switch(open_panel, stack):
    page = open_panel(CARD_ALONE)
    switch = page.get_by_role("switch", name=f"Automatic recovery of {CARD}")
    try:
        press(page, switch, key="Space")
        expect(switch).to_have_attribute("aria-checked", "true")
    finally:
        press(page, switch, key="Space")
        expect(switch).to_have_attribute("aria-checked", "false")


def test_auto_remediation(open_panel, stack):
    page = open_panel(CARD_ALONE)
    press(page, button(page, f"Stop {CARD}"))
    expect(led(page, CARD)).to_have_attribute("data-state", "down")
    press(page, button(page, "AUTO-REMEDIATION"))
    expect(page.get_by_role("list", name="Would be restarted")).to_contain_text(CARD)
    expect(button(page, f"Restart {CARD}")).to_be_focused()
    page.keyboard.press("Enter")
    answer = page.get_by_test_id("remediation-answer")
    expect(answer).to_contain_text("The following services were restarted successfully:")
    expect(
        answer.get_by_role("list", name="Restarted").get_by_role("listitem").filter(has_text=CARD)
    ).to_have_count(1)
    expect(answer.get_by_role("button", name="OK")).to_be_focused()
    page.keyboard.press("Enter")
    expect(answer).to_be_hidden()
    assert open_panel.complaints == []


def open_palette(page) -> None:
    """Open it, once it has closed, and wait until it takes what is typed."""
    search = page.get_by_role("textbox", name="Search services and commands")
    expect(search).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(search).to_be_focused()


def test_the_palette_runs_a_verb_and_goes_to_a_page(open_panel, stack):
    page = open_panel()
    open_palette(page)
    page.keyboard.type(f"ping {CARD}")
    expect(page.get_by_role("button", name=f"Ping {CARD}").last).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id(f"log-{CARD}")).to_contain_text("Ping succeeded")
    open_palette(page)
    page.keyboard.type("go to audit")
    expect(page.get_by_role("button", name="Go to Topology")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()


def test_g_and_a_letter_go_everywhere(open_panel, stack):
    page = open_panel()
    for letter, title in (("t", "Topology"), ("a", "Audit"), ("s", "Settings"), ("o", "Overview")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page.get_by_role("heading", name=title, level=1)).to_be_attached()


def test_a_card_is_reached_opened_and_its_log_filtered_and_paused(open_panel, stack):
    page = open_panel("/?q=redis")
    card = page.get_by_test_id("card-redis")
    expect(card).to_be_visible()
    walk_to(page, card, key="j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log", name="Lines of redis")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("no line says this")
    expect(page.get_by_text("No line fits.")).to_be_visible()
    press(page, button(page, "Pause"))
    expect(page.get_by_role("button", name="Follow")).to_be_visible()
    tabs = page.get_by_role("tab")
    walk_to(page, page.get_by_role("tab", name="Logs"))
    for name in ("Charts", "Actions", "Containers"):
        page.keyboard.press("ArrowRight")
        expect(tabs.get_by_text(name, exact=True)).to_be_visible()
        expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("region", name="Table of replicas")).to_contain_text("redis")
    assert open_panel.complaints == []


def test_the_topology_shows_a_blast_radius(open_panel, stack):
    page = open_panel("/topology")
    press(page, page.get_by_test_id("node-redis"))
    expect(page.get_by_role("list", name="Blast radius")).to_contain_text("backend")
    press(page, page.get_by_role("link", name="redis", exact=True))
    expect(page.get_by_role("heading", name="redis", level=1)).to_be_visible()


def test_a_wide_audit_is_exported(open_panel, stack):
    page = open_panel("/audit")
    with page.expect_download() as download:
        press(page, page.get_by_role("link", name="Export as CSV"))
    assert download.value.suggested_filename.endswith(".csv")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def led(page: Page, service: str) -> Locator:
    return page.get_by_test_id(f"led-{service}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    walk_to(page, target)
    page.keyboard.press(key)


def walk_to(page: Page, target: Locator, key: str | None = None) -> None:
    """Press the key (None: Tab, or the arrows within a menu) until the target has the focus."""
    expect(target).to_be_visible()
    key = key or ("ArrowDown" if target.get_attribute("role") == "menuitem" else "Tab")
    for _ in range(200):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError("it cannot be reached by keyboard")


def confirm(page: Page, name: str) -> None:
    press(page, page.get_by_role("dialog").get_by_role("button", name=name, exact=True))
