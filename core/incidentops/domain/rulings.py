"""Whether automation acts on a service now, and why not otherwise: one pure rule over service, policy and guard."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidentops.domain.dependencies import needs, start_order
from incidentops.domain.guards import Answer, BreakerState, Guard
from incidentops.domain.policies import Ailment, DuringFaults, Policy, Remedy
from incidentops.domain.services import RecoveryMode, Service, Wish


class Course(StrEnum):
    """What a ruling says to do."""

    ACT = "act"
    WAIT = "wait"  # rule again at `until`, or when a dependency is there
    ASK = "ask"  # a person must approve
    LEAVE = "leave"
    GIVE_UP = "give_up"  # open the breaker and tell people


@dataclass(frozen=True, slots=True)
class Case:
    """One service in trouble. Its dead containers (of an unhealthy service: those that run) began at `began_at` and
    ended at `ended_at`; `faults` are the experiments that harm it now, `waits_for` the dependencies healed first."""

    service: Service
    ailment: Ailment
    policy: Policy
    guard: Guard
    began_at: datetime | None = None
    ended_at: datetime | None = None
    faults: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()

    def streak(self, now: datetime) -> int:
        """Attempts in a row that did not last."""
        if self.began_at is None or (self.guard.attempts and self.began_at < self.guard.attempts[-1]):
            return self.guard.streak  # it has not started since the last attempt
        ran_for = (self.ended_at or now) - self.began_at
        return 0 if ran_for >= self.policy.backoff.stable_after else self.guard.streak


@dataclass(frozen=True, slots=True)
class Ruling:
    """The course, and the reason as the end of a sentence."""

    course: Course
    reason: str
    remedy: Remedy | None = None
    until: datetime | None = None


def rule(case: Case, now: datetime) -> Ruling:
    """The first rule that says something. Same case and moment, same ruling."""
    return (
        _hands_off(case.service)
        or _experiment(case, now)
        or _breaker(case, now)
        or _too_early(case, now)
        or _act(case, now)
    )


def _hands_off(service: Service) -> Ruling | None:
    if service.protected:
        return Ruling(Course.LEAVE, "it is protected")
    if service.recovery_mode is not RecoveryMode.AUTO:
        return Ruling(Course.LEAVE, "its recovery mode is manual")
    if service.wish is Wish.STOPPED:
        return Ruling(Course.LEAVE, "the operator stopped it on purpose")
    return None


def _experiment(case: Case, now: datetime) -> Ruling | None:
    if not case.faults or case.policy.during_faults is DuringFaults.HEAL:
        return None
    harm = f"an experiment harms it on purpose ({', '.join(case.faults)})"
    if case.policy.during_faults is DuringFaults.IGNORE:
        return Ruling(Course.LEAVE, harm)
    return Ruling(Course.LEAVE, f"{harm}; without it: {case.policy.remedy(case.streak(now))}")


def _breaker(case: Case, now: datetime) -> Ruling | None:
    guard, policy = case.guard, case.policy
    state = guard.breaker(now)
    if state is BreakerState.OPEN:
        return Ruling(Course.LEAVE, f"its breaker is open: {guard.reason}", until=guard.rest_until)
    if spent(guard, policy, now):
        window = round(policy.budget.window.total_seconds())
        return Ruling(
            Course.GIVE_UP, f"its budget of {policy.budget.attempts} attempts in {window} s is spent"
        )
    if state is BreakerState.CLOSED and guard.failures >= policy.breaker.failures:
        return Ruling(
            Course.GIVE_UP, f"{guard.failures} attempts in a row failed, the last one: {guard.reason}"
        )
    return None


def spent(guard: Guard, policy: Policy, now: datetime) -> bool:
    """Whether one more attempt would exceed the budget."""
    since = now - policy.budget.window
    return sum(attempt > since for attempt in guard.attempts) >= policy.budget.attempts


def _too_early(case: Case, now: datetime) -> Ruling | None:
    if case.ailment in (Ailment.UNHEALTHY, Ailment.HUNG) and case.began_at is not None:
        ready = case.began_at + case.policy.start_period
        if now < ready:
            return Ruling(Course.WAIT, "it is in its start period", until=ready)
    if case.waits_for:
        return Ruling(Course.WAIT, f"{', '.join(case.waits_for)} comes first, which it depends on")
    due = _last_trouble(case) + case.policy.backoff.pause(case.streak(now))
    if now < due:
        return Ruling(
            Course.WAIT, f"attempt {case.streak(now) + 1} in a row waits a little longer", until=due
        )
    return None


def _last_trouble(case: Case) -> datetime:
    moments = [*case.guard.attempts[-1:], *([case.ended_at] if case.ended_at else [])]
    return max(moments, default=_LONG_AGO)


def _act(case: Case, now: datetime) -> Ruling:
    remedy = case.policy.remedy(case.streak(now))
    if remedy is Remedy.ESCALATE:
        return Ruling(Course.GIVE_UP, f"the policy has nothing else left after {case.streak(now)} attempts")
    if case.policy.approval:
        return _approved(case, remedy, now)
    return Ruling(Course.ACT, _why(case), remedy)


def _approved(case: Case, remedy: Remedy, now: datetime) -> Ruling:
    asked = case.guard.approval
    if asked is None or now >= asked.expires_at or asked.remedy is not remedy:
        return Ruling(Course.ASK, _why(case), remedy)
    if asked.answer is None:
        return Ruling(Course.LEAVE, "it waits for a person's approval")
    if asked.answer is Answer.REFUSE:
        return Ruling(Course.LEAVE, f"{asked.answered_by} refused to {remedy} it")
    return Ruling(Course.ACT, f"{_why(case)}, approved by {asked.answered_by}", remedy)


def _why(case: Case) -> str:
    return f"it is {case.ailment.replace('_', ' ')}, by the policy {case.policy.name!r}"


def healed_first(name: str, services: Sequence[Service], in_care: Collection[str]) -> tuple[str, ...]:
    """The services in care (in trouble, and their healing has not failed yet) that this one stands on. In a loop of
    dependencies the start order decides, so that nobody waits for each other."""
    graph = {item.name: item.depends_on for item in services}
    order = start_order({item: needs(item, graph) for item in {*in_care, name}}).names
    before = frozenset(order[: order.index(name)])
    return tuple(sorted(before.intersection(in_care, needs(name, graph))))


_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
