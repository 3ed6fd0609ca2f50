"""What is wrong with a service, what its policy rules, and what became of it: the memory around the pure rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.containers import Container
from incidentops.domain.decisions import DecisionKind
from incidentops.domain.errors import Unavailable
from incidentops.domain.guards import BreakerState, Guard
from incidentops.domain.policies import Ailment, Policy, Remedy, Treatment, ailment_of, policy_for
from incidentops.domain.remediation import Decision, Order, Situation, Trigger, Verdict
from incidentops.domain.rulings import Case, Course, Ruling, healed_first, rule
from incidentops.domain.services import RecoveryMode, Service, Verb
from incidentops.ports import ActiveFaults, Clock
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.policies.book import PolicyBook
from incidentops_backend.use_cases.policies.decisions import DecisionLog
from incidentops_backend.use_cases.policies.guards import GuardBook

log = structlog.get_logger()

_AT_REST = frozenset({"exited", "dead"})
_REVIVING = frozenset({Verb.START, Verb.RESTART, Verb.RECREATE})
_KINDS = {
    Verdict.RESTARTED: DecisionKind.HEALED,
    Verdict.FAILED: DecisionKind.FAILED,
    Verdict.SKIPPED: DecisionKind.LEFT,
}


class Care:
    """`judge` before anything is done, `begin` durably with it, `concluded` when a run has decided."""

    def __init__(
        self,
        view: LiveView,
        book: PolicyBook[Policy],
        guards: GuardBook,
        decisions: DecisionLog,
        *,
        faults: ActiveFaults,
        clock: Clock,
    ) -> None:
        self._view, self._book, self._guards, self._decisions = view, book, guards, decisions
        self._faults, self._clock = faults, clock
        self._treated: dict[str, tuple[Policy, Treatment]] = {}

    # -- before ------------------------------------------------------------------------------------------

    def judge(self, name: str) -> tuple[Case, Ruling] | None:
        """The case of a service in trouble and the ruling on it; None when there is nothing to rule on."""
        service = self._view.find(name)
        case = self._case(service) if service and self._view.engine_lost_at is None else None
        if case is None:
            return None
        if service and service.depends_on:
            case = self._behind_what_it_stands_on(case)
        return case, rule(case, self._clock.now())

    def begin(self, case: Case, remedy: Remedy, reason: str) -> None:
        """An attempt begins. Raises Unavailable when it cannot be counted durably: then it must not begin."""
        now, name = self._clock.now(), case.service.name
        streak = case.streak(now) + 1
        self._guards.change(name, lambda guard: guard.attempted(streak, now))
        self._treated[name] = case.policy, case.policy.treatment(remedy)
        self._decisions.note(name, DecisionKind.ACTED, reason, policy=case.policy.name, remedy=remedy)

    def situation(self, order: Order) -> Situation:
        """What a run looks at."""
        services = self._view.services()
        looked_at = [item for item in services if not item.up or item.name in (order.only or ())]
        treatments = {item.name: self._treatment(item, order) for item in looked_at}
        now = self._clock.now()
        blocked = {
            guard.service: f"its breaker is open: {guard.reason}"
            for guard in self._guards.all()
            if guard.breaker(now) is BreakerState.OPEN
        }
        return Situation(services, treatments, blocked)

    # -- after -------------------------------------------------------------------------------------------

    def concluded(self, order: Order, decision: Decision) -> None:
        """A run has decided about a service: write it down and remember what it means for the next attempt."""
        now, name = self._clock.now(), decision.service
        by_policy = order.trigger is Trigger.AUTO
        policy, treatment = self._treated.get(name, (None, None)) if by_policy else (None, None)
        self._decisions.note(
            name,
            _KINDS[decision.verdict],
            decision.reason,
            policy=policy.name if policy else None,
            remedy=treatment.remedy if treatment else None,
            run_id=order.run_id,
        )
        if decision.verdict is Verdict.FAILED and by_policy:
            self._remember(name, lambda guard: guard.failed(decision.reason, now))
        elif decision.verdict is Verdict.RESTARTED:
            self._remember(name, lambda guard: guard.healed(now) if by_policy else guard.forgiven(now))

    def acted(self, action: Action) -> None:
        """An operator who brings a service up takes it in hand: its breaker closes."""
        by_a_person = action.source in (Source.API, Source.UI)
        if by_a_person and action.verb in _REVIVING and action.outcome is Outcome.SUCCEEDED:
            now = self._clock.now()
            self._remember(action.service, lambda guard: guard.forgiven(now) if guard.troubled else guard)

    def resting(self) -> list[str]:
        """Services whose breaker has rested long enough for one more attempt. It closes where none is needed."""
        now = self._clock.now()
        rested = [item.service for item in self._guards.all() if item.breaker(now) is BreakerState.HALF_OPEN]
        for name in rested:
            service = self._view.find(name)
            if service is not None and service.up:
                self._remember(name, lambda guard: guard.forgiven(now))
        return rested

    # -- inside ------------------------------------------------------------------------------------------

    def _remember(self, name: str, change: Callable[[Guard], Guard]) -> None:
        """What has happened has happened, whether or not a disk takes it."""
        try:
            self._guards.change(name, change)
        except Unavailable as error:
            log.error("guard_not_stored", service=name, reason=str(error))

    def _case(self, service: Service) -> Case | None:
        containers = self._view.containers(service.name)
        at_rest = [item for item in containers if item.status in _AT_REST]
        ailment = ailment_of(service, at_rest=bool(at_rest))
        policy = policy_for(service, ailment, self._book.reading.policies) if ailment else None
        if ailment is None or policy is None:
            return None
        began_at, ended_at = _life(at_rest or containers)
        guard = self._guards.of(service.name)
        faults = tuple(fault.kind for fault in self._faults.on(service.name))
        return Case(service, ailment, policy, guard, began_at, ended_at, faults)

    def _behind_what_it_stands_on(self, case: Case) -> Case:
        services = self._view.services()
        waits_for = healed_first(case.service.name, services, self._in_care(services, case.service.name))
        return replace(case, waits_for=waits_for)

    def _in_care(self, services: list[Service], but: str) -> frozenset[str]:
        """In trouble, and their healing is under way or about to be, and has not failed yet."""
        now = self._clock.now()
        cases = [
            case
            for service in services
            if service.name != but
            and service.recovery_mode is RecoveryMode.AUTO
            and (case := self._case(service)) is not None
        ]
        return frozenset(
            case.service.name
            for case in cases
            if not case.guard.failures and rule(case, now).course in (Course.ACT, Course.WAIT)
        )

    def _treatment(self, service: Service, order: Order) -> Treatment:
        if order.trigger is Trigger.AUTO and service.name in self._treated:
            return self._treated[service.name][1]
        at_rest = any(item.status in _AT_REST for item in self._view.containers(service.name))
        ailment = ailment_of(service, at_rest=at_rest) or Ailment.DOWN
        policy = policy_for(service, ailment, self._book.reading.policies)
        return policy.treatment(Remedy.RESTART) if policy else Treatment()


def _life(containers: list[Container]) -> tuple[datetime | None, datetime | None]:
    """When the shortest life among these containers began, and when it ended (None while it lasts)."""
    lives = [(item.started_at, item.finished_at) for item in containers if item.started_at]
    ended = [(end - begin, begin, end) for begin, end in lives if end and end > begin]
    if ended:
        _, begin, end = min(ended)
        return begin, end
    return max((begin for begin, _ in lives if begin), default=None), None
