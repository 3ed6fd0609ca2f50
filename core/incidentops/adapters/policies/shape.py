"""What a file of remediation policies may hold. Durations are seconds, or a number with `ms`, `s`, `m` or `h`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from incidentops.domain.guards import KEPT_ATTEMPTS
from incidentops.domain.policies import (
    Ailment,
    Backoff,
    BreakerRule,
    Budget,
    DuringFaults,
    Match,
    Policy,
    Remedy,
)

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def _seconds(value: object) -> object:
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip())
        if match is None:
            raise ValueError("expected a duration such as 500ms, 30s, 10m or 1h")
        return float(match[1]) * _UNITS[match[2]]
    return value


Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, le=7 * 24 * 3600, strict=True)]
LongerThanNothing = Annotated[Seconds, Field(gt=0)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Part(BaseModel):
    """A part of a file, without fields that nobody knows."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MatchPart(Part):
    states: Annotated[frozenset[Ailment], Field(min_length=1)]
    services: frozenset[Name] = frozenset()
    groups: frozenset[Name] = frozenset()


class BackoffPart(Part):
    first: Seconds = 0.1
    factor: Annotated[float, Field(ge=1, le=100)] = 2.0
    longest: Seconds = 60.0
    stable_after: Seconds = 10.0


class BudgetPart(Part):
    attempts: Annotated[int, Field(ge=1, le=KEPT_ATTEMPTS)]
    window: LongerThanNothing


class BreakerPart(Part):
    failures: Annotated[int, Field(ge=1, le=KEPT_ATTEMPTS)] = 3
    rest: LongerThanNothing = 900.0


class PolicyPart(Part):
    """One policy of a file."""

    name: Name
    match: MatchPart
    actions: Annotated[tuple[Remedy, ...], Field(min_length=1, max_length=20)]
    budget: BudgetPart
    breaker: BreakerPart = BreakerPart()
    backoff: BackoffPart = BackoffPart()
    start_period: Seconds = 0.0
    probes: Annotated[int, Field(ge=1, le=20)] = 1
    approval: bool = False
    during_faults: DuringFaults = DuringFaults.HEAL

    def policy(self) -> Policy:
        """The same as the domain has it."""
        return Policy(
            name=self.name,
            match=Match(self.match.states, self.match.services, self.match.groups),
            remedies=self.actions,
            budget=Budget(self.budget.attempts, timedelta(seconds=self.budget.window)),
            breaker=BreakerRule(self.breaker.failures, timedelta(seconds=self.breaker.rest)),
            backoff=Backoff(
                first=timedelta(seconds=self.backoff.first),
                factor=self.backoff.factor,
                longest=timedelta(seconds=self.backoff.longest),
                stable_after=timedelta(seconds=self.backoff.stable_after),
            ),
            start_period=timedelta(seconds=self.start_period),
            probes=self.probes,
            approval=self.approval,
            during_faults=self.during_faults,
        )


class PolicyFilePart(Part):
    """A whole file."""

    policies: Annotated[tuple[PolicyPart, ...], Field(min_length=1, max_length=200)]

    def all(self) -> tuple[Policy, ...]:
        return tuple(part.policy() for part in self.policies)
