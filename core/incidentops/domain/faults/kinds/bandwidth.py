"""What the service sends is throttled."""

from typing import Annotated

from pydantic import Field

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import HeldWork, Plan, Surroundings


class Bandwidth(Parameters):
    """To how much."""

    kilobits_per_second: Annotated[int, Field(ge=8, le=10_000_000, description="kbit/s")] = 1000


def _plan(parameters: Bandwidth, _around: Surroundings) -> Plan:
    rate = f"{parameters.kilobits_per_second}kbit"
    return Plan(mechanism="tbf", queue=("tbf", "rate", rate, "burst", "32kbit", "latency", "400ms"))


BANDWIDTH = FaultKind(
    name="bandwidth",
    title="Bandwidth",
    parameters=Bandwidth,
    work=HeldWork(_plan),
    preview=lambda p, service: f"{service} sends at most {p.kilobits_per_second} kbit/s.",
    claims=frozenset({Claim.SENDING}),
)
