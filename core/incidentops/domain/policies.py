"""Remediation policies: which services and states they speak for, what may be done, how often and how carefully.

Whether automation may touch a service at all is its recovery mode; a policy says when and how. `DEFAULT` is what
holds where no policy file speaks for a service.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from incidentops.domain.services import Service, ServiceState, Verb

_ENOUGH = 64
"""Doublings after which any longest wait is reached; without a bound the power outgrows a float."""


class Ailment(StrEnum):
    """What can be wrong with a service, as policies name it."""

    DOWN = "down"  # a container of it is at rest
    UNHEALTHY = "unhealthy"
    CRASH_LOOP = "crash_loop"
    HUNG = "hung"


class Remedy(StrEnum):
    """One step of a policy. A closed set."""

    RESTART = "restart"  # start what does not run, restart what does
    START = "start"
    RECREATE = "recreate"
    ESCALATE = "escalate"  # give up and tell people


class DuringFaults(StrEnum):
    """What a policy does while an experiment does harm to the service on purpose."""

    HEAL = "heal"
    IGNORE = "ignore"
    SCORE = "score"  # write down what would have been done


@dataclass(frozen=True, slots=True)
class Match:
    """Empty sets of services and groups take every one."""

    states: frozenset[Ailment]
    services: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def takes(self, service: Service, ailment: Ailment) -> bool:
        return (
            ailment in self.states
            and (not self.services or service.name in self.services)
            and (not self.groups or service.group in self.groups)
        )


@dataclass(frozen=True, slots=True)
class Backoff:
    """The first attempt comes at once; the pauses grow by `factor` and are forgotten after `stable_after` of running
    (Docker's own figures)."""

    first: timedelta = timedelta(milliseconds=100)
    factor: float = 2.0
    longest: timedelta = timedelta(minutes=1)
    stable_after: timedelta = timedelta(seconds=10)

    def pause(self, attempts_in_a_row: int) -> timedelta:
        """Before the next attempt, after that many."""
        if not attempts_in_a_row:
            return timedelta()
        grown = self.first.total_seconds() * self.factor ** min(attempts_in_a_row - 1, _ENOUGH)
        return timedelta(seconds=min(grown, self.longest.total_seconds()))


@dataclass(frozen=True, slots=True)
class Budget:
    """At most so many attempts in any window of that length."""

    attempts: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class BreakerRule:
    """After so many failed attempts in a row nothing is done for a `rest`, then one attempt is allowed."""

    failures: int
    rest: timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """`remedies` are tried one per attempt, the last one again and again; `probes` must pass in a row before an attempt
    counts as a success. An unhealthy or hung service is left alone for `start_period` after its start."""

    name: str
    match: Match
    remedies: tuple[Remedy, ...]
    budget: Budget
    breaker: BreakerRule
    backoff: Backoff = Backoff()
    start_period: timedelta = timedelta()
    probes: int = 1
    approval: bool = False
    during_faults: DuringFaults = DuringFaults.HEAL

    def treatment(self, remedy: Remedy) -> "Treatment":
        """How a run applies one of the remedies."""
        return Treatment(remedy, self.probes, self.start_period.total_seconds())

    def remedy(self, attempts_in_a_row: int) -> Remedy:
        """What the next attempt does, after that many."""
        return self.remedies[min(attempts_in_a_row, len(self.remedies) - 1)]


DEFAULT = Policy(
    name="default",
    match=Match(frozenset({Ailment.DOWN, Ailment.CRASH_LOOP})),
    remedies=(Remedy.RESTART,),
    budget=Budget(30, timedelta(minutes=10)),
    breaker=BreakerRule(10, timedelta(minutes=1)),
)
"""As `restart: always` of Docker, with an end: a crash loop is tried ever later, then once a minute."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one run treats one service: the remedy, how many probes in a row must pass, and for how long after its start
    it is at least waited for."""

    remedy: Remedy = Remedy.RESTART
    probes: int = 1
    start_seconds: float = 0.0


def policy_for(service: Service, ailment: Ailment, policies: Iterable[Policy]) -> Policy | None:
    """The first policy that speaks for this service in this state, then the default one, if it does."""
    return next((item for item in (*policies, DEFAULT) if item.match.takes(service, ailment)), None)


def ailment_of(service: Service, *, at_rest: bool) -> Ailment | None:
    """What is wrong with it; `at_rest`: one of its containers has ended. A crash loop that runs at the moment is waited
    for, and what people created or paused is theirs."""
    if at_rest:
        return Ailment.CRASH_LOOP if service.state is ServiceState.CRASH_LOOP else Ailment.DOWN
    return {ServiceState.UNHEALTHY: Ailment.UNHEALTHY, ServiceState.HUNG: Ailment.HUNG}.get(service.state)


def verb_of(remedy: Remedy, usual: Verb) -> Verb:
    """The verb that carries a remedy out; `usual` is what restarts the service in the state it is in."""
    return {Remedy.START: Verb.START, Remedy.RECREATE: Verb.RECREATE}.get(remedy, usual)
