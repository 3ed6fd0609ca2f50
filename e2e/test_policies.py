"""Remediation by policy on the real stack: a file that is not valid, a crash loop given up, approval in the panel."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from playwright.sync_api import expect

from e2e.stack import API, READ_SECONDS
from infrastructure.bring_up.base_image import BASE_IMAGE

pytestmark = [pytest.mark.stack, pytest.mark.browser]

FOLDER = Path(__file__).resolve().parents[1] / "remediator/policies"
PROJECT = "policies"
QUICK = """\
policies:
  - name: {name}
    match: {{ services: [{service}], states: [down, crash_loop] }}
    actions: [restart, recreate]
    budget: {{ attempts: 3, window: 10m }}
    breaker: {{ failures: 9, rest: 10m }}
    backoff: {{ first: 50ms }}
    approval: {approval}
"""


@pytest.fixture
def name() -> str:
    """Of a service and its policy, never seen by the stack before."""
    return f"billing-{uuid.uuid4().hex[:6]}"


@pytest.fixture
def policy_file(name: str) -> Iterator[Path]:
    """Where the running backend reads a policy of this test."""
    path = FOLDER / f"00-{name}.yml"
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def start(stack, name: str) -> Iterator:
    """Runs a command as a managed service of a project of its own, in recovery mode `auto`."""

    def run(*command: str):
        return stack.engine.containers.run(
            BASE_IMAGE,
            list(command),
            name=name,
            detach=True,
            network_mode="none",
            labels={
                "incidentops.service": name,
                "incidentops.recovery": "auto",
                "com.docker.compose.project": PROJECT,
            },
        )

    yield run
    for container in stack.engine.containers.list(all=True, filters={"label": f"incidentops.service={name}"}):
        container.remove(force=True)


def in_force(name: str) -> bool:
    policies = requests.get(f"{API}/api/v1/policies", timeout=READ_SECONDS).json()["policies"]
    return name in [policy["name"] for policy in policies]


def kinds(service: str, since: str = "") -> list[str]:
    """Of every decision, oldest first; [] while Postgres cannot be asked."""
    answer = requests.get(
        f"{API}/api/v1/decisions", params={"service": service, "limit": 200}, timeout=READ_SECONDS
    )
    rows = reversed(answer.json()["items"]) if answer.ok else []
    return [row["kind"] for row in rows if row["at"] > since]


def breaker_of(service: str) -> tuple[str, bool]:
    """Its state, and whether people were told."""
    breakers = requests.get(f"{API}/api/v1/policies", timeout=READ_SECONDS).json()["breakers"]
    [breaker] = [item for item in breakers if item["service"] == service]
    return breaker["state"], breaker["escalated"]


def test_a_crash_loop_is_given_up_within_its_budget_and_stays_so_when_the_backend_is_killed(
    stack, name, policy_file, start
):
    service = f"{PROJECT}/{name}"
    policy_file.write_text(QUICK.format(name=name, service=service, approval="false"))
    stack.wait_until(lambda: in_force(name), "the policy is in force")
    first = start("sh", "-c", "sleep 0.5; exit 3").id
    stack.wait_until(lambda: "escalated" in kinds(service), "the service is given up")
    assert kinds(service).count("acted") == 3
    verbs = [row["verb"] for row in stack.actions(service)]
    assert verbs.count("recreate") >= 1
    assert stack.engine.containers.get(name).id != first
    assert breaker_of(service) == ("open", True)
    stack.container("backend").kill()
    killed_at = datetime.now(UTC).isoformat()
    stack.container("backend").start()
    stack.wait_until(stack.is_ready, "the backend is back")
    stack.wait_until(lambda: kinds(service, since=killed_at) == ["left"], "the new backend has judged it")
    assert kinds(service).count("acted") == 3
    assert breaker_of(service) == ("open", True)
    assert stack.engine.containers.get(name).status == "exited"


def test_a_person_approves_in_the_panel_and_the_service_comes_back(
    stack, open_panel, name, policy_file, start
):
    service = f"{PROJECT}/{name}"
    policy_file.write_text(QUICK.format(name=name, service=service, approval="true"))
    stack.wait_until(lambda: in_force(name), "the policy is in force")
    container = start("sleep", "infinity")
    stack.wait_for(service, status="UP")
    page = open_panel("/remediation")
    expect(page.get_by_role("region", name="Table of policies").get_by_text(name).first).to_be_visible()
    container.kill()
    approve = page.get_by_role("button", name=f"Approve restart {service}")
    expect(approve).to_be_visible()
    approve.click()
    stack.wait_for(service, status="UP")
    expect(approve).to_be_hidden()
    row = page.get_by_role("row").filter(has_text=service).filter(has_text="healed")
    expect(row.first).to_be_visible()
    assert open_panel.complaints == []


def test_a_file_that_is_not_valid_is_named_in_the_panel_and_its_old_version_stays(
    stack, open_panel, name, policy_file
):
    valid = QUICK.format(name=name, service=name, approval="false")
    policy_file.write_text(valid)
    stack.wait_until(lambda: in_force(name), "the policy is in force")
    page = open_panel("/remediation")
    policy_file.write_text(valid.replace("recreate", "reinstall"))
    problem = page.get_by_role("alert").filter(has_text=f"{policy_file.name}, line 4")
    expect(problem).to_contain_text("In force: its last valid version.")
    assert in_force(name)
    policy_file.write_text(valid)
    expect(problem).to_be_hidden()
