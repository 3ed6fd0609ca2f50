"""`MemoryFaultEngine`: the engine port of faults in memory, on the containers of a `MemoryEngine`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue

from incidentops.domain.errors import ContainerGone, EngineRefused
from incidentops.domain.faults import Fault
from incidentops.messages.ids import uuid7
from incidentops.ports.faults import Endpoint, Report, Sidecar, Target, Tool
from incidentops.testing.engine import MemoryEngine


@dataclass(slots=True)
class _Running:
    """A sidecar, what it has said, and those who listen; None ends a stream."""

    sidecar: Sidecar
    said: list[Report | None] = field(default_factory=list)
    listeners: list[SimpleQueue[Report | None]] = field(default_factory=list)

    def say(self, report: Report | None) -> None:
        if None not in self.said:
            self.said.append(report)
            for listener in self.listeners:
                listener.put(report)


class MemoryFaultEngine:
    """Sidecars do what they are asked at once. Tests tell when a lease ends (`expire`) or one is killed (`kill`)."""

    def __init__(self, engine: MemoryEngine) -> None:
        self.capabilities = frozenset({"nfqueue"})
        self._engine = engine
        self._sidecars: dict[str, _Running] = {}
        self._left: dict[str, dict[str, Endpoint]] = {}
        self._caps: dict[str, tuple[int, int]] = {}
        self._refusal: str | None = None
        self.scratch: str | None = "scratch"
        self.shared_cgroups = self.own_network = self.own_processes = self.memory_limited = True

    # What the test tells.

    def expire(self, fault: Fault) -> None:
        """The lease of a fault ends: its sidecar undoes it and ends."""
        for sidecar_id, _ in self._of(fault):
            self.end(sidecar_id)

    def kill(self, fault: Fault) -> None:
        """Somebody kills the sidecar of a fault."""
        for sidecar_id, running in self._of(fault):
            running.say(None)
            del self._sidecars[sidecar_id]

    def refuse(self, words: str | None) -> None:
        """No sidecar starts any more; None ends that."""
        self._refusal = words

    # The port.

    def look(self, container_id: str) -> Target:
        container = self._engine.inspect(container_id)
        gone = self._left.get(container_id, {})
        networks = {name: Endpoint("") for name in container.networks if name not in gone}
        quota, period = self._caps.get(container_id, (0, 0))
        return Target(
            id=container.id,
            status=container.status,
            started_at=container.started_at,
            networks=networks,
            cpu_quota=quota,
            cpu_period=period,
            cgroup=f"/docker/{container.id}" if self.shared_cgroups else None,
            own_network=self.own_network,
            own_processes=self.own_processes,
            memory_limited=self.memory_limited,
            scratch=self.scratch,
        )

    def detach(self, container_id: str, network: str) -> None:
        self._left.setdefault(container_id, {})[network] = self.look(container_id).networks[network]

    def attach(self, container_id: str, network: str, endpoint: Endpoint) -> None:
        del endpoint
        self._left.get(container_id, {}).pop(network)

    def cap_cpu(self, container_id: str, quota: int, period: int) -> None:
        self._engine.inspect(container_id)
        self._caps[container_id] = (quota, period) if quota else (0, 0)

    def start(self, sidecar: Sidecar) -> str:
        if self._refusal:
            raise EngineRefused(self._refusal)
        self._engine.inspect(sidecar.fault.container_id)
        sidecar_id = str(uuid7())
        running = self._sidecars[sidecar_id] = _Running(sidecar)
        if sidecar.tool is Tool.NETTOOLS:
            running.say(Report("held" if sidecar.arguments[0] == "hold" else "undone", {"rules": ""}))
        return sidecar_id

    @contextmanager
    def follow(self, sidecar_id: str) -> Iterator[Iterator[Report]]:
        if sidecar_id not in self._sidecars:
            raise ContainerGone(sidecar_id)
        running = self._sidecars[sidecar_id]
        queue: SimpleQueue[Report | None] = SimpleQueue()
        for report in running.said:
            queue.put(report)
        running.listeners.append(queue)
        yield iter(queue.get, None)

    def ask(self, sidecar: Sidecar) -> Report:
        if self._refusal:
            raise EngineRefused(self._refusal)
        json.loads(sidecar.arguments[1])
        return Report("undone", {"rules": ""})

    def end(self, sidecar_id: str) -> None:
        running = self._sidecars.get(sidecar_id)
        if running is None:
            raise ContainerGone(sidecar_id)
        if running.sidecar.tool is Tool.NETTOOLS:
            running.say(Report("undone", {"rules": ""}))
        running.say(None)

    def remove(self, sidecar_id: str) -> None:
        if running := self._sidecars.pop(sidecar_id, None):
            running.say(None)

    def sidecars(self) -> list[tuple[str, Fault]]:
        return [(sidecar_id, running.sidecar.fault) for sidecar_id, running in self._sidecars.items()]

    def kernel(self) -> frozenset[str]:
        return self.capabilities

    def _of(self, fault: Fault) -> list[tuple[str, _Running]]:
        return [item for item in self._sidecars.items() if item[1].sidecar.fault.id == fault.id]
