"""The seed's auto-remediation on the real stack, with whatever among the dead."""

import threading
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
import requests

from e2e.stack import API, SERVICES

pytestmark = pytest.mark.stack

SLOW_SERVER = (
    "use Socket; $SIG{TERM} = sub { exit 0 }; sleep 4; socket(S, PF_INET, SOCK_STREAM, 0);"
    "setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, sockaddr_in(9000, INADDR_ANY)); listen(S, 16);"
    "while (accept(C, S)) { close(C) }"
)
Service = Callable[..., str]


@pytest.fixture
def service(stack) -> Iterator[Service]:
    """Make a container of the project `e2e-heal` and return the name of its service."""
    made = []

    def make(what: str, command: list[str], **labels: str) -> str:
        name = f"{what}-{uuid4().hex[:6]}"  # the log and the wishes of earlier runs stay in the store
        image = stack.container("backend").attrs["Config"]["Image"]
        own = {"incidentops.service": name, "com.docker.compose.project": "e2e-heal"} | labels
        made.append(
            stack.engine.containers.run(
                image, command, entrypoint=[], name=f"e2e-heal-{name}", labels=own, detach=True, user="0"
            )
        )
        stack.wait_for(f"e2e-heal/{name}", status="UP")
        return f"e2e-heal/{name}"

    yield make
    for container in made:
        container.remove(force=True)


def remediate() -> dict:
    answer = requests.post(f"{API}/remediate", timeout=120)
    answer.raise_for_status()
    assert answer.headers["Incidentops-Run-Id"]
    return answer.json()


def lines(stack, name: str, *verbs: str) -> list[dict]:
    """Rows of the log, oldest first."""
    return [row for row in reversed(stack.actions(name)) if row["verb"] in verbs]


def newest(stack, name: str, verb: str) -> dict:
    """Its last row of that verb, once it is stored."""
    stack.wait_until(lambda: bool(lines(stack, name, verb)), f"{verb} of {name} is stored")
    return lines(stack, name, verb)[-1]


def everything_is_up(stack) -> None:
    shown = stack.services()
    assert {name for name in SERVICES if shown[name]["status"] != "UP"} == set()


def test_the_seeds_example(stack):
    for name in ("redis", "postgres"):
        stack.post(f"/stop/{name}").raise_for_status()
    assert remediate() == {
        "status": "completed",
        "services_remediated": ["redis", "postgres"],
        "services_skipped": [],
    }
    everything_is_up(stack)
    for name in ("redis", "postgres"):
        assert stack.post(f"/ping/{name}").json()["message"] == "Ping succeeded"
    stack.wait_until(lambda: bool(lines(stack, "redis", "remediate")), "the spool is replayed")
    assert newest(stack, "redis", "start")["actor"] == "remediator"
    assert "Restarted by remediation" in newest(stack, "redis", "remediate")["message"]


def test_with_broker_remediator_and_database_among_the_dead(stack):
    for name in ("remediator", "redis", "rabbitmq", "postgres"):
        stack.post(f"/stop/{name}").raise_for_status()
    answer = remediate()
    assert (answer["status"], answer["services_skipped"]) == ("completed", [])
    order = answer["services_remediated"]
    assert sorted(order) == ["postgres", "rabbitmq", "redis", "remediator"]
    everything_is_up(stack)
    stack.wait_until(lambda: newest(stack, "rabbitmq", "start")["actor"] == "backend", "the log is complete")


def test_a_frozen_remediator_is_not_waited_for_long(stack):
    stack.container("remediator").pause()
    stack.post("/stop/redis").raise_for_status()
    answer = remediate()
    assert "redis" in answer["services_remediated"]
    everything_is_up(stack)


def test_a_remediator_killed_between_restart_and_verification_causes_no_second_restart(stack, service):
    name = service("bereft", ["perl", "-e", SLOW_SERVER], **{"incidentops.probe": "tcp://:9000"})
    stack.post(f"/stop/{name}").raise_for_status()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(remediate()))
    asking.start()
    stack.wait_until(lambda: bool(lines(stack, name, "start")), "the restart has begun")
    stack.wait_for(name, busy=None, status="UP")
    stack.container("remediator").kill()
    asking.join(100)
    # The remediator has died meanwhile, so whoever takes over may heal it too.
    assert set(answers[0]["services_remediated"]) - {"remediator"} == {name}
    [start] = lines(stack, name, "start", "restart")
    assert (start["actor"], start["outcome"]) == ("remediator", "succeeded")
    assert "fell silent" in newest(stack, name, "remediate")["message"]


def test_a_remediate_while_one_runs_joins_it(stack, service):
    name = service("joined", ["perl", "-e", SLOW_SERVER], **{"incidentops.probe": "tcp://:9000"})
    stack.post(f"/stop/{name}").raise_for_status()
    answers = []

    def ask() -> None:
        answers.append(requests.post(f"{API}/remediate", timeout=120).json())

    first = threading.Thread(target=ask)
    first.start()
    stack.wait_until(lambda: bool(lines(stack, name, "start")), "the restart has begun")
    ask()
    first.join()
    assert answers[0] == answers[1]
    assert answers[0]["services_remediated"] == [name]
    assert len(lines(stack, name, "start", "restart")) == 1


def test_a_service_that_cannot_start_is_told_and_the_others_are_healed(stack, service):
    name = service("once", ["sh", "-c", "test ! -e /gone && touch /gone && sleep 1000"])
    stack.post(f"/stop/{name}").raise_for_status()
    stack.post("/stop/redis").raise_for_status()
    answer = remediate()
    assert (answer["status"], answer["services_remediated"]) == ("partial", ["redis"])
    [failed] = answer["services_failed"]
    assert failed["service"] == name
    assert "exit code 1" in failed["reason"]


def test_in_auto_mode_a_killed_service_returns_and_a_stopped_one_does_not(stack, service):
    name = service("auto", ["sleep", "1000"])
    mode = f"/api/v1/services/{name}/recovery"
    assert stack.post(mode, json={"mode": "auto"}).json()["recovery_mode"] == "auto"
    begun = stack.wait_for(name, status="UP")["started_at"]
    stack.engine.containers.get(name.replace("/", "-")).kill()
    stack.wait_until(lambda: bool(lines(stack, name, "remediate")), "it is healed")
    shown = stack.wait_for(name, status="UP", busy=None, recovery_mode="auto")
    assert shown["started_at"] != begun
    stack.post(f"/stop/{name}").raise_for_status()
    backend = stack.container("backend")
    backend.restart()
    stack.wait_for(name, status="DOWN", wish="stopped", recovery_mode="auto")
    assert len(lines(stack, name, "remediate")) == 1
