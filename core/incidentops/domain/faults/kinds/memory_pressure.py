"""Other processes take memory out of the service's limit."""

from typing import Annotated

from pydantic import Field

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import Arguments, StressWork, Surroundings


class MemoryPressure(Parameters):
    """How much."""

    megabytes: Annotated[int, Field(ge=1, le=65_536, description="MiB taken and kept")] = 64


def _arguments(parameters: MemoryPressure, _around: Surroundings) -> Arguments:
    return ("memory", str(parameters.megabytes))


MEMORY_PRESSURE = FaultKind(
    name="memory_pressure",
    title="Memory pressure",
    parameters=MemoryPressure,
    work=StressWork(_arguments, in_memory=True),
    preview=lambda p, service: f"{p.megabytes} MiB are taken out of the memory limit of {service}.",
    claims=frozenset({Claim.MEMORY}),
)
