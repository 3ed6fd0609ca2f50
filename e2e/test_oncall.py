"""The whole way of a page on the running stack: alert, incident, page in the catcher, acknowledgement."""

import contextlib
import json

import pytest
import requests
from playwright.sync_api import expect

from e2e.stack import API, READ_SECONDS

CATCHER = "http://localhost:8025"


def letters(path: str) -> list[dict]:
    """What was caught for this path, newest first."""
    answer = requests.get(f"{CATCHER}/letters", timeout=READ_SECONDS)
    answer.raise_for_status()
    return [letter for letter in answer.json() if letter["to"] == path]


def read(path: str) -> dict:
    answer = requests.get(API + path, timeout=READ_SECONDS)
    answer.raise_for_status()
    return answer.json()


@pytest.fixture
def incident(stack) -> dict:
    """A fresh incident of severity high, resolved in the end."""
    opened = stack.post(
        "/api/v1/incidents", json={"title": "checkout is slow", "service": "billing", "severity": "high"}
    )
    assert opened.ok, opened.text
    incident = opened.json()
    yield incident
    with contextlib.suppress(requests.RequestException):
        requests.patch(
            f"{API}/api/v1/incidents/{incident['id']}", json={"status": "resolved"}, timeout=READ_SECONDS
        )


@pytest.mark.stack
def test_an_incident_pages_who_is_on_call_and_an_acknowledgement_stops_it(stack, incident):
    primary = read("/api/v1/oncall/current?team=operations")["primary"]

    def paged() -> bool:
        return any(
            f"(incident {incident['number']})" in item["body"] for item in letters(f"/pages/{primary}")
        )

    stack.wait_until(paged, "the page is caught")
    letter = json.loads(letters(f"/pages/{primary}")[0]["body"])
    assert letter["recipient"] == primary
    stack.wait_until(lambda: _shown(incident)["assignee"] == primary, "it is assigned")
    requests.patch(
        f"{API}/api/v1/incidents/{incident['id']}", json={"status": "acknowledged"}, timeout=READ_SECONDS
    ).raise_for_status()
    stack.wait_until(
        lambda: read(f"/api/v1/escalations/{incident['id']}")["state"] == "acknowledged",
        "the escalation stops",
    )


@pytest.mark.stack
def test_a_page_is_in_the_ledger_with_the_answer_of_its_channel(stack, incident):
    path = f"/api/v1/notifications?incident_id={incident['id']}"
    stack.wait_until(lambda: any(item["state"] == "delivered" for item in read(path)["items"]), "delivered")
    (page,) = read(path)["items"]
    delivered = page["attempts"][-1]  # a slow catcher is tried again
    assert delivered["answer"].startswith("200")
    assert delivered["target"] == "http://catcher:8025/…"


@pytest.mark.stack
def test_a_critical_alert_pages_while_postgres_is_gone(stack):
    primary = read("/api/v1/oncall/current?team=operations")["primary"]
    stack.container("postgres").kill()
    stack.wait_for("postgres", status="DOWN")
    alert = {"service": "checkout", "severity": "critical", "message": "no answer without a database"}
    assert stack.post("/api/v1/alerts", json=alert).status_code == 202
    stack.wait_until(
        lambda: any("no answer without a database" in item["body"] for item in letters(f"/pages/{primary}")),
        "the page is caught",
    )
    stack.bring_everything_up()
    resolved = alert | {"status": "resolved"}
    stack.wait_until(lambda: stack.post("/api/v1/alerts", json=resolved).status_code == 201, "resolved")


@pytest.mark.stack
@pytest.mark.browser
def test_a_person_sees_who_is_on_call_and_what_was_sent(open_panel, stack, incident):
    page = open_panel("/oncall/notifications")
    line = page.get_by_role("listitem").filter(has_text=f"(incident {incident['number']})").first
    expect(line).to_be_visible(timeout=60_000)
    expect(line).to_contain_text("DELIVERED", timeout=60_000)
    page.get_by_role("banner").get_by_role("link", name="engineer-").click()
    expect(page.get_by_role("region", name="Schedule primary")).to_be_visible()


def _shown(incident: dict) -> dict:
    return read(f"/api/v1/incidents/{incident['id']}")
