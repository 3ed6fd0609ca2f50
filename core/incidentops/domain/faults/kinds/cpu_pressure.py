"""Other processes compete for the service's processor time."""

from typing import Annotated

from pydantic import Field

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import Arguments, StressWork, Surroundings


class CpuPressure(Parameters):
    """How many, and how hard."""

    workers: Annotated[int, Field(ge=1, le=64)] = 2
    percent: Annotated[int, Field(ge=1, le=100, description="load of each worker")] = 100


def _arguments(parameters: CpuPressure, _around: Surroundings) -> Arguments:
    return ("cpu", str(parameters.workers), str(parameters.percent))


CPU_PRESSURE = FaultKind(
    name="cpu_pressure",
    title="CPU pressure",
    parameters=CpuPressure,
    work=StressWork(_arguments),
    preview=lambda p, service: f"{p.workers} busy workers compete with {service} inside its CPU limits.",
    claims=frozenset({Claim.CPU}),
)
