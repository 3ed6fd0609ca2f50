"""Services, actions, the live view and logs as JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.services import Health, RecoveryMode, Service, ServiceState, Status, Verb, Wish
from incidentops_backend.reads.dependencies import Dependency, DependencyState
from incidentops_backend.reads.system import SystemReading
from incidentops_backend.schemas.faults import FaultOut
from incidentops_backend.schemas.shape import ServiceName, Shape


class ReplicasOut(Shape):
    running: int
    total: int


class ServiceOut(Shape):
    """One managed service."""

    name: str
    status: Status
    state: ServiceState
    health: Health
    started_at: datetime | None
    finished_at: datetime | None
    exit_code: int | None
    recovery_mode: RecoveryMode
    group: str
    project: str | None
    image: str
    protected: bool
    depends_on: tuple[str, ...]
    probe: str | None
    replicas: ReplicasOut
    containers: tuple[str, ...]
    misconfigured: str | None
    busy: Verb | None
    wish: Wish | None
    age_seconds: float | None
    last_log: tuple[str, ...]


class ActionOut(Shape):
    """One row of the action log."""

    id: UUID
    service: str
    verb: Verb
    actor: str
    source: Source
    outcome: Outcome
    message: str
    started_at: datetime
    duration_ms: float | None


class ActionPageOut(Shape):
    items: tuple[ActionOut, ...]
    next_cursor: str | None


class Cpu(BaseModel):
    units: int
    free_percent: float


class Space(BaseModel):
    total: int = Field(description="bytes")
    free: int = Field(description="bytes")


class SystemOut(BaseModel):
    """The host's CPU, memory and disk."""

    cpu: Cpu
    ram: Space
    disk: Space


class DependencyOut(Shape):
    name: str
    state: DependencyState
    since: datetime
    detail: str | None


class ActionAnswer(BaseModel):
    """What an action answers. `message` is the line that stands in the service's log."""

    service: str
    status: Status
    message: str
    action_id: UUID
    detail: str | None = None


class SnapshotOut(BaseModel):
    """Everything a client needs to draw the panel; deltas follow with revision + 1 each."""

    revision: int
    services: list[ServiceOut]
    system: SystemOut
    dependencies: list[DependencyOut]
    actions: dict[str, list[ActionOut]]
    faults: list[FaultOut]
    server_time: datetime


class DeltaOut(BaseModel):
    """What changed. Services, actions and faults are whole objects, to be put in place of the old ones."""

    revision: int
    services: list[ServiceOut] | None = None
    removed: list[str] | None = None
    system: SystemOut | None = None
    dependencies: list[DependencyOut] | None = None
    actions: list[ActionOut] | None = None
    faults: list[FaultOut] | None = None
    server_time: datetime


class UsageOut(BaseModel):
    """Resource use of a service: its containers added up. Rates are bytes per second."""

    cpu_percent: float
    memory_bytes: int
    memory_limit_bytes: int
    net_rx_bytes: int
    net_tx_bytes: int
    net_rx_rate: float
    net_tx_rate: float
    block_read_bytes: int
    block_write_bytes: int


class StatsOut(BaseModel):
    at: datetime
    services: dict[str, UsageOut]


class WatchIn(BaseModel):
    """Which cards a client looks at."""

    services: Annotated[list[ServiceName], Field(max_length=500)]


class TopicIn(BaseModel):
    """Which kind of object a page shows."""

    topic: Annotated[str, Field(max_length=50)]


class LogsFollowIn(BaseModel):
    """Whose log a client wants to read, and how many old lines of each container first."""

    service: ServiceName
    tail: Annotated[int, Field(ge=0, le=1000)] = 500


class LogLineOut(Shape):
    """One line. `stream` is stdout or stderr, `container` a short id."""

    at: datetime
    stream: str
    text: str
    container: str


class LogLinesOut(BaseModel):
    """A batch of lines, oldest first. `skipped` lines before them were dropped: the reader was too slow."""

    service: str
    lines: list[LogLineOut]
    skipped: int


class VerbIn(BaseModel):
    """Which verb to carry out."""

    model_config = ConfigDict(extra="forbid")

    verb: Literal[Verb.PING, Verb.START, Verb.STOP, Verb.RESTART, Verb.KILL, Verb.PAUSE, Verb.UNPAUSE]


def service_out(service: Service) -> ServiceOut:
    return ServiceOut.model_validate(service)


def action_out(action: Action) -> ActionOut:
    return ActionOut.model_validate(action)


def dependency_out(dependency: Dependency) -> DependencyOut:
    return DependencyOut.model_validate(dependency)


def system_out(reading: SystemReading) -> SystemOut:
    return SystemOut(
        cpu=Cpu(units=reading.cpu_units, free_percent=reading.cpu_free_percent),
        ram=Space(total=reading.ram_total, free=reading.ram_free),
        disk=Space(total=reading.disk_total, free=reading.disk_free),
    )
