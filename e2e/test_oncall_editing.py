"""A person sets up who is paged, in the panel alone: a user, a team, a schedule with a gap, a policy, an override."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from e2e.stack import API, READ_SECONDS
from e2e.test_oncall import letters

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MADE = ("teams/payments", "escalation-policies/payments-high", "schedules/payments-day", "users/alice")
"""In the order in which nothing names what is removed."""


@pytest.fixture
def directory(stack) -> Iterator[None]:
    """Without what this test makes, before and after."""
    remove_made()
    yield
    remove_made()


def remove_made() -> None:
    for path in MADE:
        requests.delete(f"{API}/api/v1/{path}", timeout=READ_SECONDS)


def choose(place: Page | Locator, label: str | re.Pattern[str], option: str) -> None:
    """One of a list that opens under its field."""
    field = place.get_by_role("textbox", name=label)
    field.click()
    field.page.get_by_role("option", name=option, exact=True).click()


def save(page: Page, heading: str) -> None:
    """Save, and wait for the list that follows."""
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def test_who_was_set_up_in_the_panel_is_paged(open_panel, stack, directory):
    page = open_panel("/oncall/people")
    add_user(page)
    add_team(page)
    add_schedule(page)
    override_by_drawing(page)
    add_policy(page)
    route_the_team(page)
    opened = stack.post(
        "/api/v1/incidents", json={"title": "card payments fail", "service": "billing", "severity": "high"}
    )
    assert opened.ok, opened.text
    number = opened.json()["number"]

    def paged() -> bool:
        return any(f"(incident {number})" in letter["body"] for letter in letters("/pages/alice"))

    stack.wait_until(paged, "the page is caught at the user who was drawn onto the calendar")
    requests.patch(f"{API}/api/v1/incidents/{number}", json={"status": "resolved"}, timeout=READ_SECONDS)
    assert open_panel.complaints == []


def add_user(page: Page) -> None:
    page.get_by_role("link", name="New user").click()
    page.get_by_role("textbox", name="Name", exact=False).first.fill("alice")
    page.get_by_role("button", name="Add contact method").click()
    page.get_by_role("textbox", name="URL").fill("http://catcher:8025/pages/alice")
    page.get_by_role("button", name="Send a test by contact method 1").click()
    expect(page.get_by_text(re.compile("delivered: 200"))).to_be_visible()
    assert any("This is how a page will reach you" in letter["body"] for letter in letters("/pages/alice"))
    save(page, "People and teams")
    expect(page.get_by_role("link", name="alice", exact=True)).to_be_visible()


def add_team(page: Page) -> None:
    page.get_by_role("link", name="New team").click()
    page.get_by_role("textbox", name=re.compile("^Name")).fill("payments")
    choose(page, "Members", "alice")
    page.get_by_role("textbox", name="Services").fill("billing")
    page.keyboard.press("Enter")
    save(page, "People and teams")


def add_schedule(page: Page) -> None:
    """Somebody for one hour a day only: the preview warns of the rest."""
    page.get_by_role("link", name="Schedules").click()
    page.get_by_role("link", name="New schedule").click()
    page.get_by_role("textbox", name=re.compile("^Name")).fill("payments-day")
    choose(page, "Team", "payments")
    page.get_by_role("button", name="Add participant").click()
    choose(page, "Turn 1", "engineer-1")
    page.get_by_role("switch", name="Only in certain hours of the week").check()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("status")).to_contain_text("there is nobody in")
    expect(preview.get_by_text("Nobody").first).to_be_visible()
    save(page, "On call")


def override_by_drawing(page: Page) -> None:
    """Over the first days of the line "On call", which hold the present."""
    card = page.get_by_role("region", name="Schedule payments-day")
    line = card.get_by_test_id("on-call-line")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, middle, steps=5)
    page.mouse.up()
    expect(card.get_by_test_id("picked")).to_be_visible()
    expect(card.get_by_label("From")).to_have_value(re.compile(r"T00:"))
    choose(card, "Override with", "alice")
    card.get_by_role("button", name="Override", exact=True).click()
    expect(card.get_by_role("list", name="Overrides of payments-day")).to_contain_text("alice")
    now = page.get_by_role("region", name="On call now").get_by_role("listitem")
    expect(now.filter(has_text="payments-day")).to_contain_text("alice")


def add_policy(page: Page) -> None:
    page.get_by_role("link", name="Policies").click()
    page.get_by_role("link", name="New policy").click()
    page.get_by_role("textbox", name=re.compile("^Name")).fill("payments-high")
    choose(page, "Page", "on call by payments-day")
    page.keyboard.press("Escape")
    save(page, "Escalation policies")


def route_the_team(page: Page) -> None:
    page.get_by_role("link", name="People and teams").click()
    page.get_by_role("link", name="payments", exact=True).click()
    choose(page, "SEV-2 high", "payments-high")
    save(page, "People and teams")
