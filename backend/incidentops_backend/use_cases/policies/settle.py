"""Rulings that act on no container: wait, ask, leave, give up. Each is written down once for each trouble."""

from datetime import datetime

from incidentops.domain.actions import Actor, Outcome, Source
from incidentops.domain.decisions import DecisionKind
from incidentops.domain.policies import Remedy
from incidentops.domain.rulings import Case, Course, Ruling
from incidentops.domain.services import Verb
from incidentops.ports import Clock
from incidentops_backend.use_cases.action_log import ActionLog
from incidentops_backend.use_cases.policies.approvals import Approvals
from incidentops_backend.use_cases.policies.decisions import DecisionLog
from incidentops_backend.use_cases.policies.guards import GuardBook

_KINDS = {Course.WAIT: DecisionKind.WAITED, Course.LEAVE: DecisionKind.LEFT}
_AUTOMATION = Actor("backend", Source.AUTO)


class Settle:
    """Raises Unavailable when what must be remembered cannot be."""

    def __init__(
        self,
        guards: GuardBook,
        decisions: DecisionLog,
        approvals: Approvals,
        actions: ActionLog,
        clock: Clock,
    ) -> None:
        self._guards, self._decisions, self._approvals = guards, decisions, approvals
        self._actions, self._clock = actions, clock
        self._told: dict[str, tuple[Course, str, datetime | None]] = {}

    def __call__(self, case: Case, ruling: Ruling) -> None:
        match ruling:
            case Ruling(course=Course.ASK, remedy=Remedy() as remedy):
                self._approvals.ask(case, remedy, ruling.reason)
            case Ruling(course=Course.GIVE_UP):
                self._give_up(case, ruling.reason)
            case _:
                self._tell_once(case, ruling)

    def seconds_until(self, moment: datetime) -> float:
        """From now; 0 when it has passed."""
        return max(0.0, (moment - self._clock.now()).total_seconds())

    def _tell_once(self, case: Case, ruling: Ruling) -> None:
        """The same ruling on the same trouble says nothing new."""
        name, told = case.service.name, (ruling.course, ruling.reason, case.began_at)
        if self._told.get(name) != told:
            self._told[name] = told
            self._decisions.note(name, _KINDS[ruling.course], ruling.reason, policy=case.policy.name)

    def _give_up(self, case: Case, reason: str) -> None:
        """Open the breaker and tell people; a breaker that only opens again is no news to them."""
        name, policy, now = case.service.name, case.policy, self._clock.now()
        again = self._guards.of(name).escalated
        self._guards.change(name, lambda guard: guard.opened(now + policy.breaker.rest, reason, now))
        if again:
            self._decisions.note(name, DecisionKind.LEFT, f"still given up: {reason}", policy=policy.name)
            return
        self._decisions.note(name, DecisionKind.ESCALATED, reason, policy=policy.name)
        message = f"Given up by the policy {policy.name!r}: {reason}"
        self._actions.note(name, Verb.REMEDIATE, _AUTOMATION, Outcome.FAILED, message)
