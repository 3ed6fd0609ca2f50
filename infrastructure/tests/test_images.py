"""The images behave as the service definitions demand, run from those very definitions."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from infrastructure.bring_up.commands import CommandError
from infrastructure.tests.conftest import WITHOUT_BACKEND, Project

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
each_service = pytest.mark.parametrize("service", WITHOUT_BACKEND)
PAGE = {"Accept": "text/html,application/xhtml+xml"}


@each_service
def test_it_is_healthy_without_root_on_a_read_only_disk(project: Project, service: str):
    found = project.inspect(service)
    assert found["State"]["Health"]["Status"] == "healthy"
    assert found["HostConfig"]["ReadonlyRootfs"] is True
    with pytest.raises(CommandError):
        project.compose("exec", "-T", service, "touch", "/written")


def test_postgres_gives_the_application_its_own_database_and_no_more(project: Project):
    query = "SELECT rolsuper, rolcreaterole, current_database() FROM pg_roles WHERE rolname = current_user"
    row = project.compose(
        "exec", "-T", "postgres", "psql", "-U", "incidentops", "-d", "incidentops", "-Atc", query,
    )  # fmt: skip
    assert row.strip() == "f|f|incidentops"


def test_redis_asks_for_its_password_and_hides_it_from_the_process_list(project: Project):
    answer = project.compose("exec", "-T", "redis", "sh", "-c", "REDISCLI_AUTH= redis-cli ping")
    assert answer.startswith("NOAUTH")
    environment = project.inspect("redis")["Config"]["Env"]
    password = next(line for line in environment if line.startswith("REDIS_PASSWORD=")).partition("=")[2]
    assert password not in project.compose("exec", "-T", "redis", "cat", "/proc/1/cmdline")


def test_rabbitmq_serves_its_metrics_and_its_console(project: Project):
    assert requests.get(project.url("rabbitmq", 15672), timeout=5).status_code == 200
    assert requests.get(f"{project.url('rabbitmq', 15672)}/api/whoami", timeout=5).status_code == 401


def test_prometheus_scrapes_rabbitmq(project: Project):
    def rabbitmq_is_up() -> bool:
        found = requests.get(
            f"{project.url('prometheus', 9090)}/api/v1/query", {"query": 'up{job="rabbitmq"}'}, timeout=5
        )
        return [sample["value"][1] for sample in found.json()["data"]["result"]] == ["1"]

    _wait_until(rabbitmq_is_up, seconds=30)


def test_the_panel_is_served_while_the_backend_is_away(project: Project):
    page = requests.get(f"{project.url('frontend', 8080)}/services/redis", headers=PAGE, timeout=5)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_every_page_has_a_nonce_of_its_own(project: Project):
    pages = [requests.get(project.url("frontend", 8080), headers=PAGE, timeout=5) for _ in range(2)]
    nonces = [_nonce(page) for page in pages]
    assert nonces[0] != nonces[1]
    assert all(
        nonce in page.text and "__CSP_NONCE__" not in page.text
        for nonce, page in zip(nonces, pages, strict=True)
    )


@pytest.mark.parametrize("path", ["/services", "/api/v1/services", "/openapi/openapi.json", "/socket.io/"])
def test_calls_get_a_problem_document_while_the_backend_is_away(project: Project, path: str):
    answer = requests.get(f"{project.url('frontend', 8080)}{path}", timeout=10)
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "The backend does not answer."


def test_the_documentation_goes_to_the_backend_even_for_a_browser(project: Project):
    assert requests.get(f"{project.url('frontend', 8080)}/docs", headers=PAGE, timeout=10).status_code == 503


@each_service
def test_it_stops_within_its_grace_period_with_exit_code_0(project: Project, service: str):
    project.compose("stop", service)  # which kills what takes longer
    try:
        assert project.inspect(service)["State"]["ExitCode"] == 0
    finally:
        project.compose("up", "--detach", "--no-build", "--no-deps", "--wait", service)


def _nonce(page: requests.Response) -> str:
    policy = page.headers["Content-Security-Policy"]
    return policy.partition("script-src 'self' 'nonce-")[2].partition("'")[0]


def _wait_until(condition: Callable[[], Any], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.3)
