"""The engine row of the matrix (DESIGN 6): the engine killed, frozen and stopped under the whole stack at work.

Killed or stopped, it takes every container along; backend and frontend return by `restart: always`, and the backend
brings the others back to the stored wish.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import docker
import pytest
import requests

from e2e.ledger import compare
from e2e.load import Operators
from e2e.machine import Machine
from e2e.stack import Stack

pytestmark = [pytest.mark.engine, pytest.mark.full, pytest.mark.timeout(580)]

JOBS = [("ping", "prometheus"), ("ping", "worker"), ("restart", "chaos"), ("ping", "redis")]
RETURN_SECONDS = 2.0


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine whose engine runs the whole stack."""
    machine = Machine(tmp_path_factory.mktemp("engine"))
    try:
        machine.create(os.environ.get("SSL_CERT_FILE", ""))
        machine.start_engine()
        machine.bring_up()
        yield machine
    finally:
        machine.remove()


@pytest.fixture(scope="module")
def nested(machine: Machine) -> Iterator[Stack]:
    """The stack on that machine, as the host reaches it."""
    engine = docker.DockerClient(base_url=machine.engine_url, timeout=30)
    yield Stack(machine.api(), engine)
    engine.close()


@pytest.fixture(autouse=True)
def all_up(nested: Stack) -> None:
    nested.wait_until(lambda: answers(nested), "the backend answers", 90)
    nested.bring_everything_up()


def answers(stack: Stack) -> bool:
    try:
        stack.services()
    except requests.RequestException:
        return False
    return True


@contextmanager
def killed(machine: Machine) -> Iterator[None]:
    machine.signal_engine("KILL")
    machine.wait_for_the_engine_s_end()
    yield
    machine.start_engine()


@contextmanager
def frozen(machine: Machine) -> Iterator[None]:
    machine.signal_engine("STOP")
    try:
        yield
    finally:
        machine.signal_engine("CONT")


@contextmanager
def stopped(machine: Machine) -> Iterator[None]:
    machine.signal_engine("TERM")
    machine.wait_for_the_engine_s_end()
    yield
    machine.start_engine()


@pytest.mark.parametrize("harm", [killed, frozen, stopped])
def test_an_engine_that_goes_and_returns_loses_and_doubles_nothing(nested, machine, harm):
    with Operators(JOBS, api=nested.api) as people:
        people.wait_for(10, nested.wait_until)
        with harm(machine):
            if harm is frozen:
                nested.wait_for("worker", seconds=30, state="unknown")
        nested.wait_until(lambda: answers(nested), "the backend answers", 60)
        nested.wait_until(lambda: shows_the_truth(nested), "the view shows the truth", RETURN_SECONDS)
        for name in nested.services():
            nested.wait_for(name, seconds=90, status="UP")
        people.wait_for(10, nested.wait_until)
    compare(nested, people.acknowledged)
    assert [name for name, service in nested.services().items() if service["busy"]] == []
    remediation_is_exact(nested)


def shows_the_truth(stack: Stack) -> bool:
    """Whether `/services` shows as UP what runs, and nothing else."""
    containers = stack.engine.api.containers(all=True)  # one call; the other list asks for each container
    running = {item["Labels"]["incidentops.service"] for item in containers if item["State"] == "running"}
    shown = stack.services().values()
    return running == {service["name"] for service in shown if service["status"] == "UP"}


def remediation_is_exact(stack: Stack) -> None:
    for name in ("redis", "postgres"):
        stack.post(f"/stop/{name}").raise_for_status()
    answer = stack.post("/remediate").json()
    assert answer == {
        "status": "completed",
        "services_remediated": ["redis", "postgres"],
        "services_skipped": [],
    }
