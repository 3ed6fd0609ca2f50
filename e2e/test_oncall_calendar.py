"""An override begins on the calendar with whatever hand there is: a finger, or the keys alone."""

import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

pytestmark = [pytest.mark.stack, pytest.mark.browser]

PHONE = (390, 844)
MIDNIGHT = re.compile(r"T00:00$")


def card_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Schedule primary")


def box_of(line: Locator) -> FloatRect:
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box is not None
    return box


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """One finger from here to there."""
    fingers = page.context.new_cdp_session(page)
    steps = 8
    ways = [(end[axis] - start[axis]) / steps for axis in (0, 1)]
    for step in range(steps + 1):
        point = {"x": start[0] + step * ways[0], "y": start[1] + step * ways[1]}
        kind = "touchStart" if step == 0 else "touchMove"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_draws_over_the_line_and_scrolls_past_it(open_panel, stack):
    page = open_panel("/oncall", size=PHONE, touch=True)
    card = card_of(page)
    line = card.get_by_test_id("on-call-line")
    box = box_of(line)
    middle = box["y"] + box["height"] / 2
    day = box["width"] / 7
    swipe(page, (box["x"] + day, middle), (box["x"] + 3 * day, middle))
    expect(card.get_by_label("From")).to_have_value(MIDNIGHT)
    expect(card.get_by_label("Until")).to_have_value(MIDNIGHT)
    expect(card.get_by_role("textbox", name="Override with")).to_be_focused()
    drawn = card.get_by_label("From").input_value()
    box = box_of(line)
    before = page.evaluate("window.scrollY")
    swipe(page, (box["x"] + day, box["y"] + 20), (box["x"] + day, box["y"] - 120))
    page.wait_for_function("before => window.scrollY !== before", arg=before)
    expect(card.get_by_label("From")).to_have_value(drawn)
    assert open_panel.complaints == []


def test_a_tap_on_a_shift_takes_it_into_the_form(open_panel, stack):
    page = open_panel("/oncall", size=PHONE, touch=True)
    card = card_of(page)
    shift = card.get_by_test_id("on-call-line").get_by_role("button").last
    shift.tap()
    expect(card.get_by_label("From")).to_have_value(re.compile("T"))
    expect(card.get_by_test_id("picked")).to_be_visible()
    expect(card.get_by_role("textbox", name="Override with")).to_be_focused()


def test_keys_alone_reach_a_shift_and_then_the_form(open_panel, stack):
    page = open_panel("/oncall")
    card = card_of(page)
    line = card.get_by_test_id("on-call-line")
    expect(line.get_by_role("button").first).to_be_visible()
    card.get_by_role("button", name="Later").focus()
    page.keyboard.press("Tab")
    expect(line.get_by_role("button").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(line.get_by_role("button").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.get_by_label("From")).to_have_value(re.compile("T"))
    expect(card.get_by_role("textbox", name="Override with")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card.get_by_role("textbox", name="Override with")).not_to_have_value("")
    assert open_panel.complaints == []
