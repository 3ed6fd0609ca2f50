"""One fault from its injection to its verified end, told by its sidecar.

Every fault has a sidecar. It holds the fault, or watches the lease of what the engine did, and its end, however it
comes, ends the fault: by lease, because it was asked to, or because somebody killed it.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from incidentops.domain.errors import ContainerGone, EngineRefused, IncidentOpsError
from incidentops.domain.faults import Fault, FaultState, Result
from incidentops.domain.faults.work import Step
from incidentops.ports import Clock, FaultEngine
from incidentops.ports.faults import Report, Target
from incidentops_backend.use_cases.faults.book import FaultBook
from incidentops_backend.use_cases.faults.plans import (
    is_death,
    sidecar_of,
    step_of,
    survives_restart,
    undo_sidecar_of,
)
from incidentops_backend.use_cases.faults.pulse import CLEAN, PROBE, Pulse
from incidentops_backend.use_cases.faults.steps import Steps, seen

PATIENCE = timedelta(seconds=2)
"""How long a sidecar may take to undo what it holds."""
OVERRUN = timedelta(seconds=0.75)
"""How long after the end of a lease a sidecar that has not ended by itself is removed."""
UNDO_PAUSES = (0.2, 1.0)
"""Seconds between the attempts to undo what the engine refuses."""
LEASE_ENDED = "the lease ended"
SIDECAR_ENDED = "its sidecar ended before the lease"
INTERRUPTED = "the backend went away while it was being injected or undone"
RESTARTED = "the target was started anew, which ended it"
GONE = "the target is gone"


@dataclass(frozen=True, slots=True)
class Hands:
    """What attendants work with; `pulse` probes services."""

    engine: FaultEngine
    steps: Steps
    book: FaultBook
    clock: Clock
    pulse: Pulse


class Attendant:
    """Attends to one fault, in a thread of its own. `fault` is its newest record."""

    def __init__(self, fault: Fault, hands: Hands) -> None:
        self.fault = fault
        self._engine, self._steps = hands.engine, hands.steps
        self._book, self._clock, self._pulse = hands.book, hands.clock, hands.pulse
        self._sidecar: str | None = None
        self._ending: str | None = None
        self._last: Report | None = None
        self._before: Mapping[str, str] = {}
        self._pulse_before: Mapping[str, str] = {}
        self._asked_at: datetime | None = None

    def run(self) -> None:
        """From `requested` to the end. What goes wrong on the way makes it `failed`, and is undone as well."""
        try:
            self._inject()
        except IncidentOpsError as error:
            self._ending = str(error)
        self.attend()

    def take_over(self, sidecar: str | None) -> None:
        """Carry on with the fault of an earlier backend, or of one that had lost the engine."""
        self._sidecar = sidecar
        if self.fault.state is not FaultState.ACTIVE:
            self._ending = INTERRUPTED
        self.attend()

    def attend(self) -> None:
        """Follow the sidecar to its end, then undo and verify. Raises Unavailable when the engine is lost: then
        somebody takes over once it is back."""
        if self._sidecar is not None and self._ending is None:
            self._follow(self._sidecar)
        self._finish()

    def end(self, reason: str) -> None:
        """Ask for the end; it comes with the end of the sidecar. One that has not said anything yet might not
        hear us, and one that is asked again does not react: it is removed. Raises the errors of the engine."""
        again, self._ending = self._ending is not None, self._ending or reason
        if self._sidecar is None:
            return
        if again or self._last is None:
            self.remove_sidecar()
        else:
            self._engine.end(self._sidecar)
            self._asked_at = self._clock.now()

    def remove_sidecar(self) -> None:
        """Its end by force, which ends the fault as well. Raises the errors of the engine."""
        if self._sidecar is not None:
            self._engine.remove(self._sidecar)

    @property
    def deaf(self) -> bool:
        """Whether its sidecar was asked to end some time ago, or should have ended by itself."""
        asked = self._asked_at is not None and self._clock.now() > self._asked_at + PATIENCE
        return asked or self.fault.overdue(self._clock.now() - OVERRUN)

    # -- beginning ---------------------------------------------------------------------------------------

    def _inject(self) -> None:
        self._pulse_before = self._pulse.now(self.fault)
        self.fault = self._book.open(self.fault.injecting(self._clock.now()))
        if step := step_of(self.fault, "inject"):
            self._before = seen(Step(self.fault.plan["undo"]), self._look())
            self._steps.take(step, self.fault)
            if "hold" not in self.fault.plan:
                self._begun(Report("held"))
        self._sidecar = self._engine.start(sidecar_of(self.fault))
        if "stress" in self.fault.plan:
            self._begun(Report("held"))

    def _begun(self, report: Report) -> None:
        if self.fault.state is FaultState.INJECTING:
            self._put(
                FaultState.ACTIVE,
                active_at=self._clock.now(),
                snapshot={**self._before, **report.snapshot, **self._pulse_before},
                measured=report.measured,
            )

    # -- in between --------------------------------------------------------------------------------------

    def _follow(self, sidecar: str) -> None:
        with suppress(ContainerGone), self._engine.follow(sidecar) as reports:
            for report in reports:
                self._last = report
                self._hear(report)

    def _hear(self, report: Report) -> None:
        match report.state:
            case "held":
                self._begun(report)
            case "measured" | "undone":
                self._put(self.fault.state, measured={**self.fault.measured, **report.measured})
            case "failed":
                self._ending = report.reason
            case "tick" if self._ending is None and not self._old(report):
                self._again()

    def _old(self, report: Report) -> bool:
        """Whether it was said before somebody took the fault over."""
        return report.at is not None and self._clock.now() - report.at > PATIENCE

    def _again(self) -> None:
        """What a loop does at each tick; a target that cannot take it now is left alone until the next."""
        step = step_of(self.fault, "inject")
        with suppress(EngineRefused, ContainerGone):
            if step is not None:
                self._steps.take(step, self.fault)

    # -- the end -----------------------------------------------------------------------------------------

    def _finish(self) -> None:
        begun = self.fault.active_at is not None
        self._put(FaultState.UNDOING, reason=self._ending or self._why_ended())
        self.remove_sidecar()
        result, note = self._undo()
        undone_at = self._clock.now()
        if result == CLEAN and note is None:
            result = self._verified()
        self._put(
            FaultState.UNDONE if begun and result == CLEAN else FaultState.FAILED,
            undone_at=undone_at,
            result=result,
            reason="; ".join(filter(None, (self.fault.reason, note))),
        )

    def _undo(self) -> tuple[Result, str | None]:
        """What is left of it, and what else is worth knowing. What the engine refuses may be a matter of moments,
        so it is asked again."""
        for pause in UNDO_PAUSES:
            try:
                return self._undo_once()
            except ContainerGone:
                self.fault = replace(self.fault, target_lost_at=self._clock.now())
                return CLEAN, GONE
            except EngineRefused:
                time.sleep(pause)
        try:
            return self._undo_once()
        except (EngineRefused, ContainerGone) as error:
            return (f"it could not be undone: {error}",), None

    def _undo_once(self) -> tuple[Result, str | None]:
        target = self._look()
        anew = target.started_at != self.fault.started_at_of_target
        after = self._undone(target, anew=anew)
        note = RESTARTED if anew and not is_death(self.fault) else None
        return residue(self.fault.snapshot, after), note

    def _verified(self) -> Result:
        """Whether the service answers as before. It need not while somebody has stopped it, or while another fault
        hurts it still."""
        others = [item for item in self._book.active.on(self.fault.service) if item.id != self.fault.id]
        if others or not self._look().running:
            return CLEAN
        return self._pulse.back(self.fault)

    def _undone(self, target: Target, *, anew: bool) -> Mapping[str, str] | None:
        """Undo it, and look again. None: nothing of it can be left, so there is nothing to look at."""
        lasting = survives_restart(self.fault) or is_death(self.fault)
        within_reach = lasting or (target.alive and not anew)
        if not within_reach:
            self.fault = replace(self.fault, target_lost_at=self._clock.now())
            return None
        held = self._undone_by_sidecar()
        if step := step_of(self.fault, "undo"):
            self._steps.take(step, self.fault)
            return {**seen(step, self._look()), **(held or {})}
        return held

    def _undone_by_sidecar(self) -> Mapping[str, str] | None:
        if self._last is not None and self._last.state == "undone":
            return self._last.snapshot
        sidecar = undo_sidecar_of(self.fault)
        return self._engine.ask(sidecar).snapshot if sidecar else None

    def _why_ended(self) -> str:
        return LEASE_ENDED if self.fault.overdue(self._clock.now()) else SIDECAR_ENDED

    def _look(self) -> Target:
        return self._engine.look(self.fault.container_id)

    def _put(self, state: FaultState, **facts: Any) -> None:
        self.fault = self._book.put(self.fault.becoming(state, **facts))


def residue(before: Mapping[str, str], after: Mapping[str, str] | None) -> Result:
    """`clean`, or what is different from before in each respect that was looked at."""
    if after is None:
        return CLEAN
    left = tuple(
        f"{name}: was {text!r}, is {after.get(name)!r}"
        for name, text in before.items()
        if name != PROBE and after.get(name) != text
    )
    return left or CLEAN
