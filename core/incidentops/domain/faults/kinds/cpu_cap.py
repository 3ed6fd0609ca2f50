"""The engine lets the container use only a share of one processor."""

from typing import Annotated

from pydantic import Field

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import EngineWork, Step


class CpuCap(Parameters):
    """How much is left."""

    percent: Annotated[float, Field(ge=1, le=400, description="of one processor")] = 10.0


CPU_CAP = FaultKind(
    name="cpu_cap",
    title="CPU cap",
    parameters=CpuCap,
    work=EngineWork(inject=Step.CAP_CPU, undo=Step.UNCAP_CPU),
    preview=lambda p, service: f"{service} may use {p.percent:g} % of one processor.",
    claims=frozenset({Claim.CPU}),
)
