"""Every part killed, frozen and stopped while people work (DESIGN 6): nothing acknowledged is lost or doubled.

Each cell: people act, the part goes, people go on, the part returns; then every acknowledged id stands once in
Postgres, no action stays open, no service stays busy, and the live view told the truth within two seconds.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from e2e.ledger import compare
from e2e.load import Operators
from e2e.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.full]

PARTS = ["postgres", "redis", "rabbitmq", "remediator", "backend"]
JOBS = [("ping", "prometheus"), ("ping", "worker"), ("restart", "chaos"), ("ping", "frontend")]
RETURN_SECONDS = 2.0


@contextmanager
def killed(stack: Stack, part: str) -> Iterator[None]:
    """SIGKILL of the main process from outside the engine."""
    os.kill(stack.container(part).attrs["State"]["Pid"], signal.SIGKILL)
    yield
    bring_back(stack, part)


@contextmanager
def frozen(stack: Stack, part: str) -> Iterator[None]:
    """SIGSTOP of every process: it accepts connections and answers nothing."""
    pids = processes(stack, part)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with_pid(pid, signal.SIGCONT)


@contextmanager
def stopped(stack: Stack, part: str) -> Iterator[None]:
    """Stopped by the operator; the backend, which is protected, by the engine's own client."""
    if part == "backend":
        stack.container(part).stop()
    else:
        stack.post(f"/stop/{part}").raise_for_status()
    yield
    bring_back(stack, part)


HARMS: dict[str, Callable] = {"SIGKILL": killed, "SIGSTOP": frozen, "stop": stopped}


def processes(stack: Stack, part: str) -> list[int]:
    """Every process of the container, by the host's numbers, parents first."""
    return [int(row[1]) for row in stack.container(part).top()["Processes"]]


def with_pid(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def bring_back(stack: Stack, part: str) -> None:
    """As an operator would; the backend comes by its restart policy, or by hand after a stop."""
    if part != "backend":
        stack.post(f"/start/{part}").raise_for_status()
    elif stack.container(part).status == "exited":
        stack.container(part).start()


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("part", PARTS)
def test_nothing_acknowledged_is_lost_or_doubled(stack, part, harm):
    with Operators(JOBS) as people:
        people.wait_for(10, stack.wait_until)
        with HARMS[harm](stack, part):
            if part != "backend":
                people.wait_for(15, stack.wait_until)
        stack.wait_for(part, seconds=60, status="UP")
        people.wait_for(10, stack.wait_until)
    compare(stack, people.acknowledged)
    assert [name for name, service in stack.services().items() if service["busy"]] == []


@pytest.mark.parametrize("part", PARTS[:-1])
def test_the_live_view_is_right_within_two_seconds_of_a_return(stack, part):
    with frozen(stack, part):
        stack.wait_for(part, seconds=20, status="DOWN")
        assert stack.services()["prometheus"]["status"] == "UP"
    stack.wait_for(part, seconds=RETURN_SECONDS, state="running")


def test_while_postgres_is_frozen_an_action_costs_at_most_half_a_second_more_once(stack):
    with frozen(stack, "postgres"):
        answers = [stack.post("/ping/worker") for _ in range(10)]
    slowest = max(answer.elapsed.total_seconds() for answer in answers)
    assert all(answer.status_code == 200 for answer in answers)
    assert slowest < 1.2, "two records, 500 ms each, and the ping"
    assert sorted(answer.elapsed.total_seconds() for answer in answers)[4] < 0.1
