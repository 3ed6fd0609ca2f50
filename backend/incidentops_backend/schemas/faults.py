"""Faults and the emergency stop as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from incidentops.domain.faults import Fault, FaultKind, FaultState, Result
from incidentops.domain.faults.work import EngineWork, HeldWork
from incidentops.ports.faults import EmergencyStop
from incidentops_backend.schemas.shape import ServiceName, Shape

_MECHANISM = "by which means; for latency the one this kernel offers"


class FaultKindOut(BaseModel):
    """One kind of fault: what it takes, as JSON Schema, and how it works."""

    name: str
    title: str
    parameters: dict[str, Any] = Field(description="JSON Schema of its parameters")
    mechanism: str
    kernel_expiring: bool = Field(description="the kernel ends it at the end of the lease, whoever is dead")
    conflicts_with: list[str] = Field(description="kinds that cannot be on the same target")


class FaultIn(BaseModel):
    """Which harm to do, to whom and for how long. Fields are checked together, so that all bad ones are named."""

    model_config = ConfigDict(extra="forbid")

    service: ServiceName
    fault: str = Field(max_length=100, description="a kind, see /api/v1/faults/kinds")
    parameters: dict[str, Any] = Field(default_factory=dict)
    lease_seconds: float = Field(default=30.0, description="1 to 3600; then the fault undoes itself")
    container: str | None = Field(
        default=None,
        max_length=255,
        description="which of its containers, by name or id; else the first that runs",
    )


class FaultOut(Shape):
    """One fault. `result` is `clean` or names what is left of it; `measured` stands beside `parameters`."""

    id: UUID
    kind: str
    service: str
    container_id: str
    started_at_of_target: datetime | None
    parameters: dict[str, Any]
    mechanism: str = Field(description=_MECHANISM)
    lease_seconds: float
    state: FaultState
    requested_at: datetime
    requested_by: str
    active_at: datetime | None
    ends_at: datetime | None
    undone_at: datetime | None
    target_lost_at: datetime | None = Field(
        description="when its target had ended or been started anew under it, which ended it too"
    )
    run_id: UUID | None
    snapshot: dict[str, str]
    measured: dict[str, Any]
    result: Result | None
    reason: str | None
    revision: int


class FaultPageOut(BaseModel):
    """Newest first."""

    items: list[FaultOut]
    next_cursor: UUID | None


class PreviewOut(BaseModel):
    """What would happen."""

    preview: str
    mechanism: str
    kernel_expiring: bool


class ChaosOut(BaseModel):
    """Whether the emergency stop is engaged, since when, by whom and why; and the faults that have not ended."""

    engaged: bool
    since: datetime | None = None
    by: str | None = None
    why: str | None = None
    active: list[FaultOut] = Field(default_factory=list)


class ChaosStopIn(BaseModel):
    """Why chaos is stopped. Nobody has to say: a request without a JSON body stops it as well."""

    model_config = ConfigDict(extra="forbid")

    why: Annotated[str, Field(min_length=1, max_length=500)] = "stopped by hand"

    @model_validator(mode="before")
    @classmethod
    def _of_nothing(cls, body: object) -> object:
        return {} if body is None else body


def fault_out(fault: Fault) -> FaultOut:
    return FaultOut.model_validate(fault)


def kind_out(kind: FaultKind[Any], others: list[FaultKind[Any]]) -> FaultKindOut:
    return FaultKindOut(
        name=kind.name,
        title=kind.title,
        parameters=kind.parameters.model_json_schema(),
        mechanism=_mechanism(kind),
        kernel_expiring=kind.kernel_expiring,
        conflicts_with=[other.name for other in others if kind.conflicts_with(other)],
    )


def chaos_out(stop: EmergencyStop | None, active: list[Fault]) -> ChaosOut:
    faults = [fault_out(fault) for fault in active]
    if stop is None:
        return ChaosOut(engaged=False, active=faults)
    return ChaosOut(engaged=True, since=stop.since, by=stop.by, why=stop.why, active=faults)


def _mechanism(kind: FaultKind[Any]) -> str:
    match kind.work:
        case EngineWork() as work:
            return work.mechanism
        case HeldWork(on_volume=True):
            return "sidecar on the volume"
        case HeldWork():
            return "sidecar in the network"
        case _:
            return "stressor in the control group"
