"""Remediation: ask the remediator by command, or carry the run out here when it cannot or falls silent.

Both go through the same decision and the same hands; the run's claim says who may act (DESIGN 5.4).
"""

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from incidentops.domain.actions import Actor
from incidentops.domain.errors import Unavailable
from incidentops.domain.remediation import Order, Trigger
from incidentops.healing import Hands, Patience, heal
from incidentops.messages.envelope import Message
from incidentops.messages.ids import uuid7
from incidentops.ports import Bus, Clock
from incidentops_backend.use_cases.remediate_runs import Run, Runs

log = structlog.get_logger()

RUN_SECONDS = 600.0
"""How long the answer of a remediator that keeps showing signs of life is waited for."""

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Timing:
    """`claim_seconds`: within which the remediator claims a run; `lease_seconds`: of silence, after which it
    counts as gone (it probes four times a second while it waits for a service, so two are plenty)."""

    claim_seconds: float = 0.5
    lease_seconds: float = 2.0
    patience: Patience = field(default_factory=Patience)


class Remediation:
    """Runs remediations. A second call while one of the same kind runs joins it."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        runs: Runs,
        hands: Callable[[Run], Hands],
        timing: Timing,
        *,
        remediator_down: Callable[[], bool] = lambda: False,
    ) -> None:
        """`remediator_down`: it is known not to run, so that nobody waits for its claim."""
        self._bus, self._clock, self._runs, self._hands, self._timing = bus, clock, runs, hands, timing
        self._remediator_down = remediator_down

    def remediate(
        self, trigger: Trigger, asked_by: Actor, only: frozenset[str] | None = None
    ) -> dict[str, object]:
        """Heal what is DOWN, and return the answer of `POST /remediate`."""
        run, new = self._runs.join_or_begin(Order(uuid7(), trigger, only), asked_by)
        if new:
            self._carry_out(run)
        run.ended.result()
        return run.answer()

    def _carry_out(self, run: Run) -> None:
        try:
            if not self._delegated(run):
                run.take_over()
                heal(run.order, self._hands(run), self._timing.patience, run.progress())
        except BaseException as error:
            self._runs.end(run)
            run.ended.set_exception(error)
            raise
        self._runs.end(run)
        run.ended.set_result(None)

    def _delegated(self, run: Run) -> bool:
        """Whether the remediator has carried the run to its end."""
        if self._remediator_down() or not self._bus.connected():
            return False
        answer = self._asked(run)
        beginnings: tuple[Future[Any], ...] = (run.claimed, answer)
        wait(beginnings, self._timing.claim_seconds, FIRST_COMPLETED)
        while run.claimed.done() and not answer.done():
            if run.silent_seconds() > self._timing.lease_seconds:
                log.warning("remediator_silent", run_id=str(run.order.run_id))
                return False
            wait((answer,), _LOOK_SECONDS)
        return run.claimed.done() and answer.done() and answer.exception() is None

    def _asked(self, run: Run) -> Future[Message]:
        """The remediator's answer to be. The thread outlives a run that is taken over, until the answer is
        given up; it holds nothing."""
        answer: Future[Message] = Future()
        command = self._command(run.order)

        def ask() -> None:
            try:
                answer.set_result(self._bus.request(command, timeout_seconds=RUN_SECONDS))
            except (Unavailable, TimeoutError) as error:
                answer.set_exception(error)

        threading.Thread(target=ask, name=f"remediation {run.order.short_id}", daemon=True).start()
        return answer

    def _command(self, order: Order) -> Message:
        now = self._clock.now()
        return Message(
            type="remediator.remediate",
            occurred_at=now,
            expires_at=now + timedelta(seconds=self._timing.claim_seconds),
            actor="backend",
            payload={
                "run_id": str(order.run_id),
                "trigger": order.trigger,
                "only": sorted(order.only) if order.only is not None else None,
            },
        )
