"""From an alert by curl to a repaired incident, watched in the panel; and nothing lost while Postgres is away."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from playwright.sync_api import expect

from e2e.stack import API, READ_SECONDS
from infrastructure.bring_up.base_image import BASE_IMAGE

pytestmark = [pytest.mark.stack]

OUTAGES = Path(__file__).resolve().parents[1] / "monitoring/outages"
OUTAGE_POLICY = """\
policies:
  - name: nobody need hurry
    match: {{ services: [{service}], states: [down] }}
    severity: low
    for: 500ms
    annotations: {{ runbook: https://example.org/billing }}
"""


def send(stack, service: str, **fields) -> requests.Response:
    body = {"service": service, "severity": "high", "message": "HTTP 5xx error rate > 10%"} | fields
    return stack.post("/api/v1/alerts", json=body)


def incidents(stack, service: str) -> list[dict]:
    return stack.read("/api/v1/incidents", service=service)["items"]


@pytest.mark.browser
def test_an_alert_by_curl_is_acknowledged_and_resolved_in_the_panel(open_panel, stack):
    service = f"billing-{uuid4().hex[:8]}"
    page, watching = open_panel(f"/incidents?service={service}"), open_panel(f"/incidents?service={service}")
    for each in (page, watching):
        expect(each.get_by_text("No incident fits")).to_be_visible()
    body = f'{{"service": "{service}", "severity": "high", "message": "HTTP 5xx error rate > 10%"}}'
    curl = ["curl", "-sf", "-X", "POST", f"{API}/api/v1/alerts", "-H", "Content-Type: application/json"]
    subprocess.run([*curl, "-d", body], check=True, capture_output=True, timeout=30)
    row, seen = (each.get_by_role("listitem").filter(has_text=service) for each in (page, watching))
    for each in (row, seen):
        expect(each).to_contain_text("OPEN")
    row.focus()
    page.keyboard.press("a")
    for each in (row, seen):
        expect(each).to_contain_text("ACKNOWLEDGED")
    row.get_by_role("link", name="HTTP 5xx error rate > 10%").click()
    expect(page.get_by_test_id("mtta")).to_have_text(re.compile(r"\d+ s"))
    page.keyboard.press("2")
    expect(page.get_by_role("checkbox", name="2. Triage")).to_be_checked()
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("Triage done")
    page.get_by_role("button", name=re.compile("Resolve incident")).click()
    expect(page.get_by_test_id("mttr")).to_have_text(re.compile(r"\d+ s"))
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("acknowledged → resolved")
    expect(seen).to_contain_text("RESOLVED")
    assert open_panel.complaints == []


def test_alerts_sent_while_postgres_is_away_are_stored_once_when_it_returns(stack):
    service = f"billing-{uuid4().hex[:8]}"
    stack.post("/stop/postgres").raise_for_status()
    sent = [send(stack, service, dedup_key=f"{service}-{number}") for number in range(20)]
    sent += [send(stack, service, dedup_key=f"{service}-0")]
    assert {answer.status_code for answer in sent} == {202}
    stack.post("/start/postgres").raise_for_status()
    stack.wait_until(lambda: stored(service) == 20, "20 alerts are stored")
    [incident] = incidents(stack, service)
    assert incident["alerts"] == 20


def stored(service: str) -> int:
    query = {"service": service, "limit": 100}
    answer = requests.get(f"{API}/api/v1/alerts", params=query, timeout=READ_SECONDS)
    return len(answer.json()["items"]) if answer.ok else 0


@pytest.fixture
def billing(stack) -> Iterator:
    """A service of a project of its own: nothing that died a moment ago, whose alert would settle first."""
    name = f"billing-{uuid4().hex[:8]}"
    labels = {"incidentops.service": name, "com.docker.compose.project": "e2e-incidents"}
    command = ["sh", "-c", "echo ready; exec sleep infinity"]
    container = stack.engine.containers.run(
        BASE_IMAGE, command, name=name, detach=True, network_mode="none", labels=labels
    )
    stack.wait_for(f"e2e-incidents/{name}", status="UP")
    yield container
    container.remove(force=True)


def test_a_container_killed_behind_our_back_is_an_incident_until_it_runs_again(stack, billing):
    service = f"e2e-incidents/{billing.name}"
    billing.kill()
    stack.wait_for(service, status="DOWN")
    stack.wait_until(lambda: newest(stack, service)["status"] == "open", "an incident is open")
    assert newest(stack, service)["title"].startswith(f"Service {service}")
    stack.wait_until(lambda: len(told(stack, service, "evidence")) == 1, "evidence is taken")
    stack.post(f"/start/{service}").raise_for_status()
    stack.wait_until(lambda: newest(stack, service)["status"] == "resolved", "it is resolved")
    stack.wait_until(lambda: len(told(stack, service, "evidence")) == 2, "evidence is taken of both moments")
    opened, resolved = (evidence["services"][0] for evidence in told(stack, service, "evidence"))
    assert (opened["name"], opened["status"], opened["exit_code"]) == (service, "DOWN", 137)
    assert opened["log"]
    assert resolved["status"] == "UP"
    done = [(item["kind"], item["service"], item["what"]) for item in told(stack, service, "related")]
    assert ("action", service, "start") in done


@pytest.fixture
def outage_file(billing) -> Iterator[Path]:
    """Where the running backend reads an outage policy of this test."""
    path = OUTAGES / f"00-{billing.name}.yml"
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.browser
def test_an_outage_is_an_alert_as_its_policy_says_also_after_its_file_is_spoiled(
    stack, open_panel, billing, outage_file
):
    service = f"e2e-incidents/{billing.name}"
    policy = OUTAGE_POLICY.format(service=service)
    outage_file.write_text(policy)
    page = open_panel("/alerts/outages")
    row = page.get_by_role("row").filter(has_text=f"{service}: down")
    expect(row).to_contain_text("SEV-4", timeout=15_000)
    outage_file.write_text(policy.replace("severity: low", "severity: lowest"))
    problem = page.get_by_role("alert").filter(has_text=f"{outage_file.name}, line 4")
    expect(problem).to_contain_text("In force: its last valid version.", timeout=15_000)
    billing.kill()
    page.goto(f"{page.url.removesuffix('/outages')}?service={service}")
    alert = page.get_by_role("row").filter(has_text=f"Service {service} is down")
    expect(alert).to_contain_text("SEV-4", timeout=30_000)
    expect(alert.get_by_role("link", name="runbook")).to_be_visible()
    assert open_panel.complaints == []


def told(stack, service: str, what: str) -> list[dict]:
    """Evidence of the newest incident of a service, or what was done at the same time."""
    return stack.read(f"/api/v1/incidents/{newest(stack, service)['number']}/{what}")["items"]


def newest(stack, service: str) -> dict:
    return next(iter(incidents(stack, service)), {"status": "none", "title": ""})


def test_the_queue_of_seed_000_gives_an_id_that_is_listed(stack):
    body = {"title": "Latency spike detected", "service": "billing", "severity": "high"}
    answer = stack.post("/incidents", json=body)
    assert answer.status_code == 201
    listed = requests.get(
        f"{API}/incidents", headers={"Accept": "application/json"}, timeout=READ_SECONDS
    ).json()
    found = next(item for item in listed if item["incident_id"] == answer.json()["incident_id"])
    assert found["status"] == "queued"
    patched = requests.patch(
        f"{API}/api/v1/incidents/{found['incident_id']}", json={"status": "resolved"}, timeout=READ_SECONDS
    )
    assert patched.json()["status"] == "resolved"
