"""The run loop of a remediation: decide, restart in order, verify each by its probe, explain every decision.

It knows no transport. Its callers lend it `Hands`: the remediator hands that reach over the bus, the backend
its own. `Progress` lets a second caller carry on where a first one fell silent, without restarting twice.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.policies import Treatment, verb_of
from incidentops.domain.remediation import (
    Decision,
    Order,
    Situation,
    Verdict,
    plan_remediation,
    restart_verb,
    why_restarted,
)
from incidentops.domain.services import Service, Verb

VERIFY_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 0.25

CARRIED_ON = "carried on by the backend after the remediator fell silent"


class NotRestarted(IncidentOpsError):
    """There is nothing to restart any more, or somebody else is at it; the text is the reason."""


class RestartFailed(IncidentOpsError):
    """The restart was tried and failed; the text carries the engine's words."""


class RunLost(IncidentOpsError):
    """Whoever runs this cannot go on: the backend does not answer, or has taken the run over."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One probe of a restarted service; `ended` when nothing of it runs any more, so that waiting is vain."""

    alive: bool
    detail: str
    ended: bool = False


class Hands(Protocol):
    """What a run does to the world. Every call may raise RunLost."""

    def look(self) -> Situation:
        """All services as they are now, and what policies say about them."""
        ...

    def restart(self, service: Service, verb: Verb) -> None:
        """Returns once it runs. Raises NotRestarted and RestartFailed."""
        ...

    def ask(self, name: str) -> Pulse:
        """Probe once."""
        ...

    def explain(self, decision: Decision) -> None:
        """Write the decision down."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """What of a run is behind it: restarts tried, in order, with the failure if there was one, and the
    services that are decided."""

    tried: Mapping[str, str | None] = field(default_factory=dict)
    decided: frozenset[str] = frozenset()

    def pending(self) -> dict[str, str | None]:
        """Tried, and not yet verified and explained."""
        return {name: failure for name, failure in self.tried.items() if name not in self.decided}

    def touched(self, name: str) -> bool:
        return name in self.tried or name in self.decided


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a restarted service may take to answer, and the clock that says so."""

    seconds: float = VERIFY_SECONDS
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep


def heal(
    order: Order, hands: Hands, patience: Patience | None = None, progress: Progress | None = None
) -> list[Decision]:
    """Carry out one run to its end; what was decided, in order. One service that cannot be healed never holds
    up the others."""
    run = _Run(order, hands, patience or Patience(), progress or Progress())
    run.carry_out()
    return run.decisions


class _Run:
    def __init__(self, order: Order, hands: Hands, patience: Patience, progress: Progress) -> None:
        self._order, self._hands, self._patience, self._progress = order, hands, patience, progress
        self.decisions: list[Decision] = []

    def carry_out(self) -> None:
        situation = self._hands.look()
        services = situation.services
        known = {service.name: service for service in services}
        plan = plan_remediation(services, self._order.trigger, situation.blocked, self._order.only)
        for skip in plan.skips:
            if not self._progress.touched(skip.service):
                self._explain(Decision(skip.service, Verdict.SKIPPED, skip.reason))
        for name, failure in self._progress.pending().items():
            self._explain(self._decision(name, failure, CARRIED_ON, situation.treatment(name)))
        for name in plan.restarts:
            if not self._progress.touched(name):
                reason = why_restarted(known[name], services, plan, datetime.now(UTC))
                self._explain(self._restart(known[name], reason, situation.treatment(name)))

    def _explain(self, decision: Decision) -> None:
        self._hands.explain(decision)
        self.decisions.append(decision)

    def _restart(self, service: Service, reason: str, treatment: Treatment) -> Decision:
        try:
            self._hands.restart(service, verb_of(treatment.remedy, restart_verb(service)))
        except NotRestarted as error:
            return Decision(service.name, Verdict.SKIPPED, str(error))
        except RestartFailed as error:
            return self._decision(service.name, str(error), reason, treatment)
        return self._decision(service.name, None, reason, treatment)

    def _decision(self, name: str, failure: str | None, reason: str, treatment: Treatment) -> Decision:
        failure = failure or self._verify(name, treatment)
        verdict = Verdict.FAILED if failure else Verdict.RESTARTED
        return Decision(name, verdict, failure or reason)

    def _verify(self, name: str, treatment: Treatment) -> str | None:
        """Probe until it has answered often enough in a row; why it is given up, otherwise."""
        seconds = max(self._patience.seconds, treatment.start_seconds)
        deadline = self._patience.monotonic() + seconds
        pause, passed = _FIRST_PAUSE_SECONDS, 0
        while True:
            pulse = self._hands.ask(name)
            passed = passed + 1 if pulse.alive else 0
            if passed == treatment.probes:
                return None
            if pulse.ended:
                return pulse.detail
            if self._patience.monotonic() + pause > deadline:
                return _given_up(pulse, passed, treatment.probes, seconds)
            self._patience.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _given_up(pulse: Pulse, passed: int, probes: int, seconds: float) -> str:
    if pulse.alive:
        return f"it answered only {passed} of {probes} probes within {seconds:g} s"
    return f"it did not answer its probe within {seconds:g} s: {pulse.detail}"
