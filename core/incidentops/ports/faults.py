"""What faults stand on: an engine that can do harm, the journal on this machine, and the history in Postgres."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from incidentops.domain.faults import Fault, FaultState


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A container in one network: the names it answers to there, and its address if somebody fixed it ("" else:
    the engine gives it any, and takes no wish for one in a network whose range it chose itself)."""

    address: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What matters about a container before, during and after a fault. `cgroup` is where a stressor may join it
    (None where the engine does not let it); `own_network` and `own_processes` say that it shares neither with the host
    or with another container; `memory_limited` that it cannot take all of the host's memory; `scratch` is the sized
    volume in memory that its label names; `cpu_quota` and `cpu_period` are microseconds (0: no cap)."""

    id: str
    status: str
    started_at: datetime | None
    networks: Mapping[str, Endpoint]
    cpu_quota: int = 0
    cpu_period: int = 0
    cgroup: str | None = None
    own_network: bool = True
    own_processes: bool = True
    memory_limited: bool = True
    scratch: str | None = None

    @property
    def running(self) -> bool:
        return self.status == "running"

    @property
    def alive(self) -> bool:
        """Whether it has processes, frozen or not."""
        return self.status in ("running", "paused")


class Tool(StrEnum):
    """The images a sidecar may run."""

    NETTOOLS = "nettools"
    STRESSOR = "stressor"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A container of ours beside a target: in its network, among its processes, on its volume or in its control
    group. It carries the record of its fault, so that any later backend can undo it. `lends` is what the target
    itself is to run of the sidecar's program, with these arguments."""

    fault: Fault
    tool: Tool
    arguments: tuple[str, ...]
    network_of: str | None = None
    processes_of: str | None = None
    volume: str | None = None
    cgroup: str | None = None
    lends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One line of a sidecar: `state` is held, measured, tick, undone, failed, kernel or lent; `at` says when; `pid` is
    the process of a sidecar that lends its program, as the target sees it."""

    state: str
    snapshot: Mapping[str, str] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    kernel: tuple[str, ...] = ()
    pid: int | None = None
    at: datetime | None = None


class FaultEngine(Protocol):
    """The harm an engine can do beside the verbs of `Engine`. Raises as `Engine` does."""

    def look(self, container_id: str) -> Target: ...

    def detach(self, container_id: str, network: str) -> None: ...

    def attach(self, container_id: str, network: str, endpoint: Endpoint) -> None:
        """Join a network with that address and those names."""
        ...

    def cap_cpu(self, container_id: str, quota: int, period: int) -> None:
        """Microseconds of processor time per period; 0 lifts the cap."""
        ...

    def start(self, sidecar: Sidecar) -> str:
        """Returns the id of the started sidecar."""
        ...

    def follow(self, sidecar_id: str) -> AbstractContextManager[Iterator[Report]]:
        """Everything it reports, from its beginning to its end; other lines are left out."""
        ...

    def ask(self, sidecar: Sidecar) -> Report:
        """Run a short-lived sidecar to its end; its last report."""
        ...

    def end(self, sidecar_id: str) -> None:
        """Ask it to undo what it holds; returns at once."""
        ...

    def remove(self, sidecar_id: str) -> None:
        """Kill and delete it; one that is gone is no error."""
        ...

    def sidecars(self) -> list[tuple[str, Fault]]:
        """Every sidecar of ours, in any state, with the record it carries."""
        ...

    def kernel(self) -> frozenset[str]:
        """What this kernel can do, of `netem`, `nfqueue` and `redirect`; asked once."""
        ...


@dataclass(frozen=True, slots=True)
class EmergencyStop:
    """Chaos is stopped: nothing new is injected until somebody releases it."""

    since: datetime
    by: str
    why: str


class FaultJournal(Protocol):
    """What this machine must not forget, whatever else is away. Writes are durable when they return, and raise
    `Unavailable("spool", …)` when no disk takes them."""

    def faults(self) -> list[Fault]:
        """Those that have not ended."""
        ...

    def put(self, fault: Fault) -> None:
        """Remember a fault; one that has ended is forgotten."""
        ...

    def stopped(self) -> EmergencyStop | None: ...

    def set_stopped(self, stop: EmergencyStop | None) -> None: ...


@dataclass(frozen=True, slots=True)
class FaultFilter:
    """Which faults; None means any."""

    service: str | None = None
    state: FaultState | None = None
    run_id: UUID | None = None


class FaultStore(Protocol):
    """Reads of the history in Postgres. Raises `Unavailable("postgres", …)`."""

    def faults(self, where: FaultFilter, *, limit: int = 50, before: UUID | None = None) -> list[Fault]:
        """Newest first, those older than the fault `before`; none when nobody knows that one."""
        ...

    def fault(self, fault_id: UUID) -> Fault | None: ...
