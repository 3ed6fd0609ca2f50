"""The engine port of faults on Docker."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from incidentops.adapters.docker.connection import EngineConnection
from incidentops.adapters.docker.fault_sidecars import FaultSidecars
from incidentops.adapters.docker.logs import logs_path, read_lines
from incidentops.adapters.docker.reading import parse_time
from incidentops.adapters.docker.stressor import run_inside
from incidentops.domain.errors import ContainerGone, EngineRefused, IncidentOpsError
from incidentops.domain.faults import Fault
from incidentops.domain.labels import SCRATCH
from incidentops.domain.observations import LogLine
from incidentops.ports.faults import Endpoint, Report, Sidecar, Target, Tool

_ALL_LINES = 10_000
_NO_CAP = -1
_BEING_REMOVED = "already in progress"


class DockerFaults:
    """Thread-safe. `url` as for `DockerEngine`; sidecars belong to `project` and run `images` by tool."""

    def __init__(self, url: str, *, project: str, images: Mapping[Tool, str]) -> None:
        self._connection = EngineConnection(url)
        self._sidecars = FaultSidecars(project, images)

    def look(self, container_id: str) -> Target:
        with self._connection.query() as client:
            raw = client.inspect(container_id)
            return Target(
                id=raw["Id"],
                status=raw["State"]["Status"],
                started_at=parse_time(raw["State"].get("StartedAt")),
                networks=_endpoints(raw),
                cpu_quota=max(raw["HostConfig"].get("CpuQuota") or 0, 0),
                cpu_period=raw["HostConfig"].get("CpuPeriod") or 0,
                cgroup=f"/docker/{raw['Id']}"
                if self._shared_cgroups and not raw["HostConfig"]["CgroupParent"]
                else None,
                own_network=not _shared(raw["HostConfig"].get("NetworkMode")),
                own_processes=not _shared(raw["HostConfig"].get("PidMode")),
                memory_limited=bool(raw["HostConfig"].get("Memory")),
                scratch=self._scratch(client, raw),
            )

    def detach(self, container_id: str, network: str) -> None:
        with self._connection.verb() as client:
            client.disconnect_container_from_network(container_id, network)

    def attach(self, container_id: str, network: str, endpoint: Endpoint) -> None:
        with self._connection.verb() as client:
            client.connect_container_to_network(
                container_id,
                network,
                ipv4_address=endpoint.address or None,
                aliases=list(endpoint.aliases) or None,
            )

    def cap_cpu(self, container_id: str, quota: int, period: int) -> None:
        with self._connection.verb() as client:
            client.update_container(container_id, cpu_quota=quota or _NO_CAP, cpu_period=period or None)

    def start(self, sidecar: Sidecar) -> str:
        with self._connection.verb() as client:
            sidecar_id = self._sidecars.start(client, sidecar)
        if sidecar.lends:
            self._lend(sidecar, sidecar_id)
        return sidecar_id

    @contextmanager
    def follow(self, sidecar_id: str) -> Iterator[Iterator[Report]]:
        with self._connection.stream(logs_path(sidecar_id, tail=_ALL_LINES, follow=True)) as stream:
            lines = read_lines(stream, tty=False)
            yield (report for line in lines if (report := _report(line)) is not None)

    def ask(self, sidecar: Sidecar) -> Report:
        sidecar_id = self.start(sidecar)
        try:
            with self.follow(sidecar_id) as reports:
                last = list(reports)[-1:]
        finally:
            self.remove(sidecar_id)
        if not last or last[0].state == "failed":
            raise EngineRefused((last and last[0].reason) or "the sidecar ended without a word")
        return last[0]

    def end(self, sidecar_id: str) -> None:
        with self._connection.verb() as client:
            client.kill(sidecar_id, "SIGTERM")

    def remove(self, sidecar_id: str) -> None:
        try:
            with self._connection.verb() as client:
                client.remove_container(sidecar_id, force=True, v=True)
        except ContainerGone:
            return
        except EngineRefused as error:
            if _BEING_REMOVED not in str(error):
                raise

    def sidecars(self) -> list[tuple[str, Fault]]:
        with self._connection.query() as client:
            return self._sidecars.all(client)

    def kernel(self) -> frozenset[str]:
        return self._kernel

    def close(self) -> None:
        self._connection.close()

    def _lend(self, sidecar: Sidecar, sidecar_id: str) -> None:
        try:
            with self.follow(sidecar_id) as reports:
                first = next(reports, None)
            with self._connection.verb() as client:
                run_inside(client, sidecar.fault.container_id, first, sidecar.lends)
        except IncidentOpsError:
            self.remove(sidecar_id)
            raise

    @cached_property
    def _kernel(self) -> frozenset[str]:
        with self._connection.verb() as client:
            sidecar_id = self._sidecars.start_probe(client)
        try:
            with self.follow(sidecar_id) as reports:
                return frozenset(name for report in reports for name in report.kernel)
        finally:
            self.remove(sidecar_id)

    @cached_property
    def _shared_cgroups(self) -> bool:
        """Version 1 below Docker's own driver is the one arrangement in which a container may join another."""
        with self._connection.query() as client:
            facts = client.info()
            return (facts.get("CgroupVersion"), facts.get("CgroupDriver")) == ("1", "cgroupfs")

    @staticmethod
    def _scratch(client: Any, raw: dict[str, Any]) -> str | None:
        """The volume that the label names, if it is one in memory with a size: any other would fill the host."""
        path = (raw["Config"].get("Labels") or {}).get(SCRATCH)
        mounts = (item for item in raw.get("Mounts") or () if item.get("Type") == "volume")
        name = next((item["Name"] for item in mounts if path and item.get("Destination") == path), None)
        if name is None:
            return None
        options = client.inspect_volume(name).get("Options") or {}
        sized = options.get("type") == "tmpfs" and "size=" in options.get("o", "")
        return str(name) if sized else None


def _endpoints(raw: dict[str, Any]) -> dict[str, Endpoint]:
    networks: dict[str, Any] = raw["NetworkSettings"].get("Networks") or {}
    short = raw["Id"][:12]
    return {
        name: Endpoint(
            address=(item.get("IPAMConfig") or {}).get("IPv4Address") or "",
            aliases=tuple(sorted(set(item.get("Aliases") or ()) - {short})),
        )
        for name, item in networks.items()
    }


def _shared(mode: str | None) -> bool:
    """Whether a mode of networks or processes means the host's or another container's."""
    return (mode or "").partition(":")[0] in ("host", "container")


def _report(line: LogLine) -> Report | None:
    """None for a line that is none of ours, such as a stressor's."""
    try:
        values = json.loads(line.text)
        return Report(**{**values, "kernel": tuple(values.get("kernel", ())), "at": line.at})
    except (ValueError, TypeError, AttributeError):
        return None
