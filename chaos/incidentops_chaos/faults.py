"""The faults of one run: injected, remembered, and undone whatever happens."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.experiments.experiment import EACH_CONTAINER, Experiment, FaultStep
from incidentops.domain.experiments.runs import EntryKind, Verdict
from incidentops.messages.ids import uuid7
from incidentops_chaos.halting import Halt, Halted
from incidentops_chaos.hands import FaultNews, Hands
from incidentops_chaos.journal import Journal

AGAIN_SECONDS = 1.0
UNDONE = "undone"
UNDO_GRACE_SECONDS = 15.0
"""How long after its lease an undo is asked for again, until it is verified; then the lease has ended the fault."""


class Faults:
    """Thread-safe."""

    def __init__(
        self, experiment: Experiment, hands: Hands, journal: Journal, *, answers_may_be_lost: bool
    ) -> None:
        """`answers_may_be_lost`: the broker itself is a target, so that its silence is a success."""
        self._experiment, self._hands, self._journal = experiment, hands, journal
        self._answers_may_be_lost = answers_may_be_lost
        self._lock = threading.Lock()
        self._injected: list[tuple[UUID, FaultStep, float]] = []

    def inject(self, *steps: FaultStep) -> None:
        """All of them at the same time. Raises Halted when one cannot be injected."""
        each = [one for step in steps for one in self._on_each_container(step)]
        with ThreadPoolExecutor(len(each), thread_name_prefix="fault") as pool:
            list(pool.map(self._inject, each))

    def undo_all(self, reason: str) -> None:
        """Undo every fault, the last one first. Never raises: what cannot be undone ends by its lease."""
        for fault_id, step, ends in reversed(self._injected):
            self._undo(fault_id, step, reason, ends + UNDO_GRACE_SECONDS)

    def _on_each_container(self, step: FaultStep) -> tuple[FaultStep, ...]:
        """Those that the service has now."""
        if step.container != EACH_CONTAINER:
            return (step,)
        try:
            services = {service.name: service for service in self._hands.look()}
        except (IncidentOpsError, TimeoutError) as error:
            raise Halted(Halt(Verdict.FAILED, f"{step.name}: {error}")) from error
        if step.service not in services:
            raise Halted(Halt(Verdict.FAILED, f"{step.name}: there is no service {step.service}"))
        return step.on_each(services[step.service].containers)

    def _inject(self, step: FaultStep) -> None:
        fault_id, lease = uuid7(), self._experiment.lease_of(step)
        with self._lock:
            self._injected.append((fault_id, step, time.monotonic() + lease))
        began = time.monotonic()
        try:
            news = self._hands.inject(fault_id, step, lease)
        except (Unavailable, TimeoutError) as error:
            if not self._answers_may_be_lost:
                self._failed(fault_id, step, str(error))
            news = FaultNews("active", f"the answer was lost: {error}")
        except IncidentOpsError as error:
            self._failed(fault_id, step, str(error))
        self._tell(
            EntryKind.FAULT,
            fault_id,
            step,
            ok=True,
            value=news.state,
            detail=news.detail,
            seconds=round(time.monotonic() - began, 3),
        )

    def _tell(self, kind: EntryKind, fault_id: UUID, step: FaultStep, **told: Any) -> None:
        """Write into the journal what became of the step."""
        self._journal.write(
            kind,
            name=step.name,
            service=step.service,
            container=step.container,
            fault=step.fault,
            fault_id=fault_id,
            **told,
        )

    def _failed(self, fault_id: UUID, step: FaultStep, reason: str) -> None:
        self._tell(
            EntryKind.FAULT,
            fault_id,
            step,
            ok=False,
            detail=reason,
        )
        raise Halted(Halt(Verdict.FAILED, f"{step.name}: {reason}"))

    def _undo(self, fault_id: UUID, step: FaultStep, reason: str, deadline: float) -> None:
        began = time.monotonic()
        ok, state, detail = self._asked_to_undo(fault_id, reason, deadline)
        self._tell(
            EntryKind.UNDO,
            fault_id,
            step,
            ok=ok,
            value=state,
            detail=detail,
            seconds=round(time.monotonic() - began, 3),
        )

    def _asked_to_undo(self, fault_id: UUID, reason: str, deadline: float) -> tuple[bool, str | None, str]:
        while True:
            try:
                news = self._hands.undo(fault_id, reason)
            except (Unavailable, TimeoutError) as error:
                if time.monotonic() > deadline:
                    return False, None, f"nobody answered; its lease ended it: {error}"
                threading.Event().wait(AGAIN_SECONDS)
            except IncidentOpsError as error:
                return False, None, str(error)
            else:
                if news.state == UNDONE or time.monotonic() > deadline:
                    return news.state == UNDONE, news.state, news.detail
