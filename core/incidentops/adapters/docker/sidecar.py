"""Probing a service whose network we do not share: from a short-lived container in its own namespace.

The sidecar may nothing: no capabilities, no privileges, no writable file, nobody's user. It is removed
whatever happens; what a killed backend left behind is removed by `reap`.
"""

import json
import logging
import threading
import time
from typing import Any

import requests

from incidentops.adapters.docker.client import EngineClient
from incidentops.adapters.docker.connection import EngineConnection
from incidentops.adapters.docker.errors import translated
from incidentops.domain.containers import Container
from incidentops.domain.errors import EngineRefused, IncidentOpsError
from incidentops.domain.labels import SIDECAR
from incidentops.domain.probes import ProbeResult, ProbeSpec

OWNER = "incidentops.owner"
LEFT_BEHIND_SECONDS = 60
_KIND = "probe"
_AT_ONCE = 4
_NOBODY = "65534:65534"
_MEMORY_BYTES = 64 << 20
_PIDS = 16
_STARTUP_SECONDS = 8.0
_LOOPBACK = "127.0.0.1"

log = logging.getLogger(__name__)


class ProbeSidecars:
    """Runs probes as containers of `image` that belong to `project`; a few at a time, others wait."""

    def __init__(self, connection: EngineConnection, *, image: str, project: str) -> None:
        self._connection = connection
        self._image = image
        self._labels = {SIDECAR: _KIND, OWNER: project}
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def ask(self, container: Container, spec: ProbeSpec, timeout_seconds: float) -> ProbeResult:
        """Probe from inside the container's network. Raises the port's errors, among them `EngineRefused`
        when the probe could not be asked at all: that says nothing about the service."""
        address = next((item for item in container.networks.values() if item), _LOOPBACK)
        arguments = [str(spec), address, f"{timeout_seconds:g}"]
        with self._turns, self._connection.verb() as client:
            sidecar = self._create(client, container, arguments)
            try:
                return self._run(client, sidecar, timeout_seconds)
            finally:
                self._remove(client, sidecar)

    def reap(self) -> int:
        """Remove sidecars of our project that outlived any probe; returns how many. A younger one may
        belong to another backend of the same project."""
        oldest = time.time() - LEFT_BEHIND_SECONDS
        wanted = [f"{key}={value}" for key, value in self._labels.items()]
        with self._connection.verb() as client:
            found = client.containers(all=True, filters={"label": wanted})
            left = [item["Id"] for item in found if item["Created"] < oldest]
            for sidecar in left:
                self._remove(client, sidecar)
        return len(left)

    def _create(self, client: EngineClient, container: Container, arguments: list[str]) -> str:
        try:
            with translated():
                created: dict[str, Any] = client.create_container(
                    self._image,
                    entrypoint=["python3", "-m", "incidentops.adapters.probes"],
                    command=arguments,
                    user=_NOBODY,
                    labels=self._labels,
                    healthcheck={"test": ["NONE"]},
                    host_config=self._limits(client, container.id),
                )
        except EngineRefused as error:
            raise EngineRefused(f"the probe could not be asked from a sidecar: {error}") from error
        return str(created["Id"])

    def _limits(self, client: EngineClient, target: str) -> dict[str, Any]:
        limits: dict[str, Any] = client.create_host_config(
            network_mode=f"container:{target}",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            read_only=True,
            mem_limit=_MEMORY_BYTES,
            pids_limit=_PIDS,
            log_config={"type": "json-file", "config": {}},
        )
        return limits

    def _run(self, client: EngineClient, sidecar: str, timeout_seconds: float) -> ProbeResult:
        client.start(sidecar)
        try:
            client.wait(sidecar, timeout=timeout_seconds + _STARTUP_SECONDS)
        except requests.exceptions.ReadTimeout as error:
            raise EngineRefused("the probe could not be asked: its sidecar did not end in time") from error
        return _parse(client.logs(sidecar, stderr=False), client.logs(sidecar, stdout=False))

    @staticmethod
    def _remove(client: EngineClient, sidecar: str) -> None:
        try:
            with translated():
                client.remove_container(sidecar, force=True, v=True)
        except IncidentOpsError as error:
            log.warning("sidecar %s stays until it is reaped: %s", sidecar[:12], error)


def _parse(output: bytes, complaint: bytes) -> ProbeResult:
    try:
        return ProbeResult(**json.loads(output))
    except (ValueError, TypeError) as error:
        words = complaint.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise EngineRefused(f"the probe could not be asked from a sidecar: {words[0]}") from error
