"""What the engine tells over time: events, samples of resource use, log lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """One container event. `action` is the engine's word (start, die, pause, health_status: healthy, …);
    `at` is the engine's own clock; `labels` are the container's."""

    container_id: str
    action: str
    at: datetime
    exit_code: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Cumulative counters of one container at one moment; rates come from two of them.

    `cpu_seconds` is CPU time used since the container started; sizes are bytes; `memory_limit` is 0
    when there is none. `at` is a monotonic clock in seconds.
    """

    at: float
    cpu_seconds: float
    memory_bytes: int
    memory_limit: int
    net_rx_bytes: int
    net_tx_bytes: int
    block_read_bytes: int
    block_write_bytes: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line a container wrote. `stream` is stdout or stderr; `text` has no line end."""

    at: datetime
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Which engine answers: its kind (docker, swarm), version, API version and host name."""

    kind: str
    version: str
    api_version: str
    host: str
