"""How the sidecars of faults are made: from our own images, with as little as each of them needs."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from incidentops.adapters.docker.client import EngineClient
from incidentops.adapters.docker.sidecar import OWNER
from incidentops.domain.faults import Fault
from incidentops.domain.labels import SIDECAR
from incidentops.messages.fault_json import fault_from_text, fault_to_text
from incidentops.ports.faults import Sidecar, Tool

KIND = "fault"
RECORD = "incidentops.fault"
_MEMORY_BYTES = 64 << 20
_PIDS = 96
_MOUNT = "/fill"
_NOBODY = "65534:65534"


class FaultSidecars:
    """Sidecars of one project. `images` by tool."""

    def __init__(self, project: str, images: Mapping[Tool, str]) -> None:
        self._labels = {SIDECAR: KIND, OWNER: project}
        self._images = images

    def start(self, client: EngineClient, sidecar: Sidecar) -> str:
        labels = self._labels | {RECORD: fault_to_text(sidecar.fault)}
        limits = _stressor(client, sidecar) if sidecar.tool is Tool.STRESSOR else _holder(client, sidecar)
        return self._start(client, self._images[sidecar.tool], sidecar.arguments, labels, limits)

    def start_probe(self, client: EngineClient) -> str:
        """Asks the kernel what it can do, in a network of its own."""
        limits = _host(client, network_mode="none", cap_add=["NET_ADMIN"], mem_limit=_MEMORY_BYTES)
        return self._start(client, self._images[Tool.NETTOOLS], ("kernel",), self._labels, limits)

    def all(self, client: EngineClient) -> list[tuple[str, Fault]]:
        """Those whose label can be read; a probe carries no record."""
        wanted = [f"{key}={value}" for key, value in self._labels.items()]
        found = client.containers(all=True, filters={"label": wanted})
        read = ((item["Id"], _record(item["Labels"].get(RECORD, ""))) for item in found)
        return [(sidecar, fault) for sidecar, fault in read if fault is not None]

    def _start(
        self,
        client: EngineClient,
        image: str,
        arguments: tuple[str, ...],
        labels: dict[str, str],
        limits: dict[str, Any],
    ) -> str:
        user = None if limits.get("CapAdd") or limits.get("PidMode") else _NOBODY
        created: dict[str, Any] = client.create_container(
            image,
            list(arguments),
            user=user,
            labels=labels,
            healthcheck={"test": ["NONE"]},
            host_config=limits,
        )
        client.start(created["Id"])
        return str(created["Id"])


def _record(text: str) -> Fault | None:
    with suppress(ValueError):
        return fault_from_text(text)
    return None


def _holder(client: EngineClient, sidecar: Sidecar) -> dict[str, Any]:
    network = f"container:{sidecar.network_of}" if sidecar.network_of else "none"
    rights = ["NET_ADMIN"] if sidecar.network_of else []
    rights += ["DAC_OVERRIDE"] if sidecar.volume else []
    rights += ["KILL"] if sidecar.processes_of else []
    return _host(
        client,
        network_mode=network,
        cap_add=rights or None,
        pid_mode=f"container:{sidecar.processes_of}" if sidecar.processes_of else None,
        binds=[f"{sidecar.volume}:{_MOUNT}"] if sidecar.volume else None,
        mem_limit=_MEMORY_BYTES,
    )


def _stressor(client: EngineClient, sidecar: Sidecar) -> dict[str, Any]:
    """In the target's control group without a limit of its own: it shares the target's. One that lends its program
    is root, as those have to be who may run it."""
    processes = f"container:{sidecar.processes_of}" if sidecar.processes_of else None
    return _host(client, network_mode="none", cgroup_parent=sidecar.cgroup, pid_mode=processes)


def _host(client: EngineClient, **options: Any) -> dict[str, Any]:
    limits: dict[str, Any] = client.create_host_config(
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
        read_only=True,
        pids_limit=_PIDS,
        log_config={"type": "json-file", "config": {}},
        **options,
    )
    return limits
