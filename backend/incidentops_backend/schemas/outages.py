"""Outage policies as JSON. Durations are seconds."""

from pydantic import BaseModel, Field

from incidentops.domain.outages import DEFAULT, OutagePolicy
from incidentops.domain.policies import Ailment
from incidentops.domain.severity import Severity
from incidentops.ports import PolicyReading
from incidentops_backend.schemas.remediation import PolicyProblemOut


class OutagePolicyOut(BaseModel):
    """One policy; the first that matches a service and its state counts, the built-in `default` is the last."""

    name: str
    states: list[Ailment]
    services: list[str] = Field(description="empty: every service")
    groups: list[str] = Field(description="empty: every group")
    severity: Severity | None = Field(description="null: no alert")
    for_seconds: float
    annotations: dict[str, str]


class OutagePoliciesOut(BaseModel):
    """Everything in force."""

    policies: list[OutagePolicyOut]
    problems: list[PolicyProblemOut]


def outage_policies_out(reading: PolicyReading[OutagePolicy]) -> OutagePoliciesOut:
    return OutagePoliciesOut(
        policies=[_policy_out(policy) for policy in (*reading.policies, DEFAULT)],
        problems=[PolicyProblemOut.model_validate(problem) for problem in reading.problems],
    )


def _policy_out(policy: OutagePolicy) -> OutagePolicyOut:
    return OutagePolicyOut(
        name=policy.name,
        states=sorted(policy.match.states),
        services=sorted(policy.match.services),
        groups=sorted(policy.match.groups),
        severity=policy.severity,
        for_seconds=policy.hold.total_seconds(),
        annotations=dict(policy.annotations),
    )
