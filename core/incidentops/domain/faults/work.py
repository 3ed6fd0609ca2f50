"""The mechanisms that kinds stand on: an engine verb, rules held by a sidecar, a stressor.

All of it is data. The backend carries out engine steps; sidecars run the argument lists of a plan, one by one,
without a shell.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from incidentops.domain.errors import IncidentOpsError

Arguments = tuple[str, ...]
P_contra = TypeVar("P_contra", contravariant=True)


class Step(StrEnum):
    """What the engine can be asked to do to a container. A closed set."""

    KILL = "kill"
    STOP = "stop"
    START = "start"
    RESTART = "restart"
    PAUSE = "pause"
    UNPAUSE = "unpause"
    FREEZE = "freeze"  # SIGSTOP: the engine goes on calling it running
    THAW = "thaw"
    DISCONNECT = "disconnect"
    RECONNECT = "reconnect"  # with the addresses and aliases of the snapshot
    CAP_CPU = "cap_cpu"
    UNCAP_CPU = "uncap_cpu"


class CannotBeDone(IncidentOpsError):
    """This kernel, engine or target cannot do that fault; said before anything is touched."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a plan may need to know of the world. `peers` maps services to addresses in the target's networks,
    `kernel` names what its kernel can do, `cgroup` is the target's control group where a sidecar may join it,
    `volume` the sized volume that may be filled."""

    lease_seconds: float
    peers: Mapping[str, tuple[str, ...]]
    kernel: frozenset[str] = frozenset()
    cgroup: str | None = None
    volume: str | None = None


@dataclass(frozen=True, slots=True)
class EngineWork:
    """Done by the engine; the backend undoes it. `every_seconds` repeats `inject` while the lease lasts.
    `freezes_children`: the engine's signal reaches the first process alone, a sidecar among the target's processes
    sees to the others."""

    inject: Step
    undo: Step
    every_seconds: Callable[[Any], float] | None = None
    freezes_children: bool = False

    @property
    def mechanism(self) -> str:
        return f"engine {self.inject}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a holder does to the target, until the lease ends.

    `arriving` and `leaving` are nftables rules for the target's packets, without the condition that ends them
    with the lease: the holder puts it in front of each. `queue` is the queueing discipline of each interface
    but loopback, in the words of `tc`. `delay_ms` (mean, jitter) holds arriving packets back in the holder,
    `proxy_ms` passes new TCP connections through it and holds back what their clients say.
    `fill_percent` fills the volume. `mechanism` is the name people read.
    """

    mechanism: str
    arriving: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    queue: Arguments = ()
    delay_ms: tuple[float, float] | None = None
    proxy_ms: tuple[float, float] | None = None
    fill_percent: float | None = None


_IN_ALL = 10_000


def by_chance(percent: float) -> str:
    """The condition of a rule that is to hit that share of the packets; at least a hundredth of a percent."""
    share = max(1, round(percent * _IN_ALL / 100))
    return "" if share >= _IN_ALL else f"numgen random mod {_IN_ALL} < {share}"


class PlanOf(Protocol[P_contra]):
    """Makes the plan for checked parameters. Raises `CannotBeDone`."""

    def __call__(self, parameters: P_contra, around: Surroundings, /) -> Plan: ...


@dataclass(frozen=True, slots=True)
class HeldWork(Generic[P_contra]):
    """Held by a sidecar that undoes it at the end of the lease, with or without us. `on_volume`: it holds the
    target's volume, not its network."""

    plan: PlanOf[P_contra]
    on_volume: bool = False


class StressorOf(Protocol[P_contra]):
    """The stressor's arguments for checked parameters, but for the seconds that it lasts."""

    def __call__(self, parameters: P_contra, around: Surroundings, /) -> Arguments: ...


@dataclass(frozen=True, slots=True)
class StressWork(Generic[P_contra]):
    """A stressor in the target's control group, which ends by its own timeout: in a sidecar that joins the group, or
    inside the target where no sidecar can. `in_memory`: it takes of the target's limit, so there has to be one."""

    arguments: StressorOf[P_contra]
    in_memory: bool = False


Work = EngineWork | HeldWork[P_contra] | StressWork[P_contra]
