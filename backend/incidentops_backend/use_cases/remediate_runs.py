"""Remediation runs in progress: who holds each, what is done of it, and since when its holder is silent.

Claims are kept in memory: a backend that dies forgets its runs, and with them every claim on them, so that
what a remediator still sends is refused.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from uuid import UUID

from incidentops.domain.actions import Actor
from incidentops.domain.errors import StaleCommand
from incidentops.domain.remediation import Decision, Order, summarise
from incidentops.healing import Progress
from incidentops.messages.ids import uuid7


class Run:
    """One run. Thread-safe; at most one holder carries it out, and the backend can take it over."""

    def __init__(
        self, order: Order, asked_by: Actor, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.order, self.asked_by = order, asked_by
        self.claimed: Future[UUID] = Future()
        self.ended: Future[None] = Future()
        self._monotonic = monotonic
        self._idle = threading.Condition()
        self._holder: UUID | None = None
        self._steps = 0
        self._heard_at = monotonic()
        self._tried: dict[str, str | None] = {}
        self._decisions: dict[str, Decision] = {}

    # -- who holds it ------------------------------------------------------------------------------------

    def claim(self, holder: UUID) -> None:
        """Raises StaleCommand when another holds the run."""
        with self._idle:
            if self._holder not in (None, holder):
                raise StaleCommand(f"remediation {self.order.run_id} is carried out by another")
            self._holder, self._heard_at = holder, self._monotonic()
            if not self.claimed.done():
                self.claimed.set_result(holder)

    @contextmanager
    def step(self, holder: UUID) -> Iterator[None]:
        """One command of the holder; renews its claim. Raises StaleCommand for anybody else."""
        with self._idle:
            if self._holder != holder:
                raise StaleCommand(f"remediation {self.order.run_id} is carried out by another")
            self._steps += 1
        try:
            yield
        finally:
            with self._idle:
                self._steps -= 1
                self._heard_at = self._monotonic()
                self._idle.notify_all()

    def take_over(self) -> UUID:
        """Become the holder: from now on every other is refused; a step in hand is finished first."""
        with self._idle:
            self._holder = holder = uuid7()
            self._idle.wait_for(lambda: not self._steps)
            return holder

    def silent_seconds(self) -> float:
        """Since the last command of the holder ended; 0 while one is carried out."""
        with self._idle:
            return 0.0 if self._steps else self._monotonic() - self._heard_at

    # -- what is done of it ------------------------------------------------------------------------------

    def try_once(self, service: str) -> bool:
        """Note that a restart of the service begins; False when this run has tried it before."""
        with self._idle:
            if service in self._tried:
                return False
            self._tried[service] = None
            return True

    def untried(self, service: str) -> None:
        """There was nothing to restart after all."""
        with self._idle:
            del self._tried[service]

    def failed(self, service: str, reason: str) -> None:
        with self._idle:
            self._tried[service] = reason

    def decide(self, decision: Decision) -> bool:
        """The first decision about a service stands; False for any later one."""
        with self._idle:
            return self._decisions.setdefault(decision.service, decision) is decision

    def progress(self) -> Progress:
        with self._idle:
            return Progress(dict(self._tried), frozenset(self._decisions))

    def answer(self) -> dict[str, object]:
        """What `POST /remediate` answers, from what was carried out here."""
        with self._idle:
            return summarise(self._decisions.values()) | {"run_id": str(self.order.run_id)}


class Runs:
    """Every run in progress, by id. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[UUID, Run] = {}

    def join_or_begin(self, order: Order, asked_by: Actor) -> tuple[Run, bool]:
        """The run in progress with the same trigger and scope, or a new one; whether it is new."""
        with self._lock:
            for run in self._runs.values():
                if (run.order.trigger, run.order.only) == (order.trigger, order.only):
                    return run, False
            run = self._runs[order.run_id] = Run(order, asked_by)
            return run, True

    def find(self, run_id: UUID) -> Run:
        """Raises StaleCommand when there is no such run (any more)."""
        with self._lock:
            run = self._runs.get(run_id)
        if run is None:
            raise StaleCommand(f"remediation {run_id} has ended, or was never begun")
        return run

    def end(self, run: Run) -> None:
        with self._lock:
            self._runs.pop(run.order.run_id, None)
