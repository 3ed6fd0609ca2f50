"""One sample of what each container uses: from cgroup files where they show it, else from the engine."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from incidentops.adapters.docker.cgroups import CgroupFiles, CgroupSample
from incidentops.adapters.docker.connection import EngineConnection
from incidentops.adapters.docker.network import Bytes, SpreadCounters, from_proc
from incidentops.domain.containers import Container
from incidentops.domain.errors import ContainerGone
from incidentops.domain.observations import Usage

_STATS = "/containers/{}/stats?stream=false&one-shot=true"
_NEVER = "0001-"
_NANO = 1e-9


class UsageSampler:
    """Samples containers of one engine; calls to the engine run on `readers`."""

    def __init__(
        self,
        connection: EngineConnection,
        readers: Executor,
        *,
        cgroup_root: Path,
        proc_root: Path = Path("/proc"),
    ) -> None:
        self._connection = connection
        self._readers = readers
        self._files = CgroupFiles(cgroup_root)
        self._proc = proc_root
        self._network = SpreadCounters(self._ask_network)
        self._host_memory: int | None = None

    def sample(self, containers: Sequence[Container]) -> dict[str, Usage]:
        """See `ports.Engine.usage`."""
        running = [container for container in containers if container.running]
        found = zip(running, self._readers.map(self._one, running), strict=True)
        return {container.id: usage for container, usage in found if usage is not None}

    def _one(self, container: Container) -> Usage | None:
        try:
            sample = self._files.sample(container.id)
            return self._from_engine(container) if sample is None else self._from_files(container, sample)
        except ContainerGone:
            return None

    def _from_files(self, container: Container, sample: CgroupSample) -> Usage:
        now = time.monotonic()
        network = from_proc(self._proc, container) or self._network.at(container.id, now)
        return _usage(now, sample, network)

    def _from_engine(self, container: Container) -> Usage | None:
        stats = self._stats(container.id)
        if str(stats.get("read", _NEVER)).startswith(_NEVER):
            return None  # it has ended
        return _usage(time.monotonic(), self._cgroup_part(stats), network_of(stats))

    def _cgroup_part(self, stats: Mapping[str, Any]) -> CgroupSample:
        memory: Mapping[str, Any] = stats.get("memory_stats") or {}
        details: Mapping[str, int] = memory.get("stats") or {}
        cache = details.get("total_inactive_file", details.get("inactive_file", 0))
        limit = int(memory.get("limit", 0))
        return CgroupSample(
            cpu_seconds=stats["cpu_stats"]["cpu_usage"]["total_usage"] * _NANO,
            memory_bytes=max(int(memory.get("usage", 0)) - cache, 0),
            memory_limit=0 if limit >= self._memory_of_host() else limit,
            block_read_bytes=blocks_of(stats, "read"),
            block_write_bytes=blocks_of(stats, "write"),
        )

    def _memory_of_host(self) -> int:
        """The engine reports this as the limit of a container that has none."""
        if self._host_memory is None:
            with self._connection.query() as client:
                self._host_memory = int(client.info()["MemTotal"])
        return self._host_memory

    def _ask_network(self, container_id: str) -> Bytes:
        return network_of(self._stats(container_id))

    def _stats(self, container_id: str) -> Mapping[str, Any]:
        with self._connection.query() as client:
            stats: Mapping[str, Any] = client.read_json(_STATS.format(container_id))
            return stats


def network_of(stats: Mapping[str, Any]) -> Bytes:
    """The sum over the interfaces the engine names; zeros in the host's or another's network."""
    interfaces = (stats.get("networks") or {}).values()
    return Bytes(sum(item["rx_bytes"] for item in interfaces), sum(item["tx_bytes"] for item in interfaces))


def blocks_of(stats: Mapping[str, Any], operation: str) -> int:
    """Bytes of one operation over all disks."""
    entries = (stats.get("blkio_stats") or {}).get("io_service_bytes_recursive") or ()
    return sum(entry["value"] for entry in entries if entry["op"].lower() == operation)


def _usage(at: float, sample: CgroupSample, network: Bytes) -> Usage:
    return Usage(
        at=at,
        cpu_seconds=sample.cpu_seconds,
        memory_bytes=sample.memory_bytes,
        memory_limit=sample.memory_limit,
        net_rx_bytes=network.received,
        net_tx_bytes=network.sent,
        block_read_bytes=sample.block_read_bytes,
        block_write_bytes=sample.block_write_bytes,
    )
