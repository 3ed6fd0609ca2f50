"""What a managed service is: the words for its state, and the record that every view shows.

The state table is DESIGN 5.2: which states count as UP and which as DOWN.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ServiceState(StrEnum):
    """The precise state behind UP or DOWN."""

    RUNNING = "running"
    STARTING = "starting"  # running, inside its health check's start period
    DEGRADED = "degraded"  # some replicas run, some do not
    UNHEALTHY = "unhealthy"
    HUNG = "hung"  # running, but past its probe budget
    EXITED = "exited"
    DEAD = "dead"
    CREATED = "created"
    PAUSED = "paused"
    CRASH_LOOP = "crash_loop"
    UNKNOWN = "unknown"  # the engine cannot be asked; `Service.status` keeps the last known answer


UP_STATES = frozenset({ServiceState.RUNNING, ServiceState.STARTING, ServiceState.DEGRADED})


class Status(StrEnum):
    """The one-word answer of seed 001."""

    UP = "UP"
    DOWN = "DOWN"


class Health(StrEnum):
    """The verdict of the container's own HEALTHCHECK; `none` when it has none."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    STARTING = "starting"
    NONE = "none"


class RecoveryMode(StrEnum):
    """Who restarts a service that died: the operator, or remediation on the die event."""

    MANUAL = "manual"
    AUTO = "auto"


class Wish(StrEnum):
    """What the operator wants of a service; outlives every restart of engine and backend."""

    RUNNING = "running"
    STOPPED = "stopped"


class Verb(StrEnum):
    """Everything that can be done to a service. A closed set: nothing else reaches the engine."""

    PING = "ping"
    START = "start"
    STOP = "stop"
    RESTART = "restart"
    RECREATE = "recreate"
    KILL = "kill"
    PAUSE = "pause"
    UNPAUSE = "unpause"
    REMEDIATE = "remediate"


STOPPING_VERBS = frozenset({Verb.STOP, Verb.KILL, Verb.PAUSE})
"""Verbs that take a service away; refused on protected services."""


@dataclass(frozen=True, slots=True)
class Replicas:
    """How many of a service's containers run, of how many that exist."""

    running: int
    total: int


@dataclass(frozen=True, slots=True)
class Service:
    """One managed service as every reader sees it. Times are aware UTC datetimes.

    `status` is derived from `state`, except while the engine is unreachable: then it is the last known
    status and `age_seconds` says how old that knowledge is.
    """

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
    replicas: Replicas
    containers: tuple[str, ...]
    misconfigured: str | None = None
    busy: Verb | None = None
    wish: Wish | None = None
    age_seconds: float | None = None
    last_log: tuple[str, ...] = ()

    @property
    def up(self) -> bool:
        return self.status is Status.UP


def status_of(state: ServiceState) -> Status:
    """UP or DOWN of a known state (DESIGN 5.2); `unknown` has no status of its own and counts as DOWN."""
    return Status.UP if state in UP_STATES else Status.DOWN
