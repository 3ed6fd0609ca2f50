"""Policies, breakers, decisions and approvals as JSON. Durations are seconds."""

from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from incidentops.domain.decisions import DecisionKind
from incidentops.domain.guards import Answer, BreakerState, Guard
from incidentops.domain.policies import DEFAULT, Ailment, DuringFaults, Policy, Remedy
from incidentops.ports import PolicyReading
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.schemas.shape import ServiceName, Shape
from incidentops_backend.use_cases.policies.approvals import Waiting


class PolicyOut(BaseModel):
    """One policy; the first that matches a service and its state counts, the built-in `default` is the last."""

    name: str
    states: list[Ailment]
    services: list[str] = Field(description="empty: every service")
    groups: list[str] = Field(description="empty: every group")
    actions: list[Remedy]
    attempts: int
    window_seconds: float
    breaker_failures: int
    breaker_rest_seconds: float
    backoff_first_seconds: float
    backoff_factor: float
    backoff_longest_seconds: float
    stable_after_seconds: float
    start_period_seconds: float
    probes: int
    approval: bool
    during_faults: DuringFaults


class PolicyProblemOut(Shape):
    """A file that is not valid, and what is in force instead."""

    file: str
    line: int
    expected: str
    in_force: str


class BreakerOut(BaseModel):
    """What automation remembers of a service."""

    service: str
    state: BreakerState
    rest_until: datetime | None
    reason: str
    attempts: int = Field(description="the newest ones, at most 200")
    attempts_in_a_row: int
    failures_in_a_row: int
    last_attempt_at: datetime | None
    escalated: bool


class PoliciesOut(BaseModel):
    """Everything in force."""

    policies: list[PolicyOut]
    problems: list[PolicyProblemOut]
    breakers: list[BreakerOut]


class DecisionOut(Shape):
    """One decision; `reason` ends a sentence."""

    id: UUID
    at: datetime
    service: str
    kind: DecisionKind
    reason: str
    by: str
    policy: str | None
    remedy: Remedy | None
    run_id: UUID | None


class DecisionPageOut(BaseModel):
    items: list[DecisionOut]
    next_cursor: UUID | None


class DecisionQuery(Parameters):
    """Which decisions; what is left out means any."""

    service: ServiceName | None = None
    policy: Annotated[str | None, Field(max_length=100)] = None
    kind: DecisionKind | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[UUID | None, Field(description="`next_cursor` of the page before")] = None


class ApprovalOut(BaseModel):
    """A remedy that waits for a person, or has just been answered."""

    id: UUID
    service: str
    policy: str
    remedy: Remedy
    reason: str
    asked_at: datetime
    expires_at: datetime
    answer: Answer | None
    answered_by: str | None


class ApprovalsOut(BaseModel):
    items: list[ApprovalOut]


class ApprovalPath(BaseModel):
    """Which approval."""

    approval_id: UUID


class ApprovalIn(BaseModel):
    """Approve or refuse; the first answer stands."""

    model_config = ConfigDict(extra="forbid")

    answer: Literal[Answer.APPROVE, Answer.REFUSE]


def policies_out(reading: PolicyReading[Policy], guards: list[Guard], now: datetime) -> PoliciesOut:
    return PoliciesOut(
        policies=[_policy_out(policy) for policy in (*reading.policies, DEFAULT)],
        problems=[PolicyProblemOut.model_validate(problem) for problem in reading.problems],
        breakers=[_breaker_out(guard, now) for guard in guards],
    )


def approval_out(waiting: Waiting) -> ApprovalOut:
    asked = waiting.approval
    return ApprovalOut(
        id=asked.id,
        service=waiting.service,
        policy=asked.policy,
        remedy=asked.remedy,
        reason=asked.reason,
        asked_at=asked.asked_at,
        expires_at=asked.expires_at,
        answer=asked.answer,
        answered_by=asked.answered_by,
    )


def _policy_out(policy: Policy) -> PolicyOut:
    return PolicyOut(
        name=policy.name,
        states=sorted(policy.match.states),
        services=sorted(policy.match.services),
        groups=sorted(policy.match.groups),
        actions=list(policy.remedies),
        attempts=policy.budget.attempts,
        window_seconds=_seconds(policy.budget.window),
        breaker_failures=policy.breaker.failures,
        breaker_rest_seconds=_seconds(policy.breaker.rest),
        backoff_first_seconds=_seconds(policy.backoff.first),
        backoff_factor=policy.backoff.factor,
        backoff_longest_seconds=_seconds(policy.backoff.longest),
        stable_after_seconds=_seconds(policy.backoff.stable_after),
        start_period_seconds=_seconds(policy.start_period),
        probes=policy.probes,
        approval=policy.approval,
        during_faults=policy.during_faults,
    )


def _breaker_out(guard: Guard, now: datetime) -> BreakerOut:
    return BreakerOut(
        service=guard.service,
        state=guard.breaker(now),
        rest_until=guard.rest_until,
        reason=guard.reason,
        attempts=len(guard.attempts),
        attempts_in_a_row=guard.streak,
        failures_in_a_row=guard.failures,
        last_attempt_at=guard.attempts[-1] if guard.attempts else None,
        escalated=guard.escalated,
    )


def _seconds(duration: timedelta) -> float:
    return duration.total_seconds()
