"""`DockerEngine`: every verb of the engine port, one short method each."""

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from incidentops.adapters.docker.connection import EngineConnection
from incidentops.adapters.docker.events import events_path, read_events
from incidentops.adapters.docker.logs import logs_path, read_lines
from incidentops.adapters.docker.probing import Prober
from incidentops.adapters.docker.reading import container_of, stop_grace_seconds
from incidentops.adapters.docker.recreation import recreate
from incidentops.adapters.docker.redaction import redacted
from incidentops.adapters.docker.sidecar import ProbeSidecars
from incidentops.adapters.docker.usage import UsageSampler
from incidentops.domain import labels
from incidentops.domain.containers import Container
from incidentops.domain.errors import ContainerGone
from incidentops.domain.observations import EngineEvent, EngineInfo, LogLine, Usage
from incidentops.domain.probes import ProbeResult, ProbeSpec

PARALLEL_READS = 4
_ID_OR_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LIST_PATH = "/containers/json?" + urlencode({"all": 1, "filters": json.dumps({"label": [labels.SERVICE]})})


class DockerEngine:
    """The engine port on one Docker engine.

    `url` reads unix:///path or tcp://host:port (ValueError otherwise). The engine may be away at any time,
    also now. `project` owns the probe sidecars, which run `probe_image`. Usage is read below `cgroup_root`
    where that is possible. Thread-safe.
    """

    def __init__(
        self,
        url: str = "unix:///var/run/docker.sock",
        *,
        project: str = "incidentops",
        probe_image: str = "incidentops/backend:dev",
        cgroup_root: Path = Path("/sys/fs/cgroup"),
    ) -> None:
        self._connection = EngineConnection(url)
        self._readers = ThreadPoolExecutor(PARALLEL_READS, thread_name_prefix="engine-read")
        self._sidecars = ProbeSidecars(self._connection, image=probe_image, project=project)
        self._prober = Prober(self._connection, self._sidecars)
        self._usage = UsageSampler(self._connection, self._readers, cgroup_root=cgroup_root)

    def info(self) -> EngineInfo:
        with self._connection.query() as client:
            facts = client.info()
            return EngineInfo("docker", facts["ServerVersion"], client.api_version, facts["Name"])

    def list(self) -> list[Container]:
        with self._connection.query() as client:
            ids = [item["Id"] for item in client.read_json(_LIST_PATH)]
        found = self._readers.map(self._inspect_if_there, ids)
        return [container for container in found if container is not None]

    def inspect(self, container_id: str) -> Container:
        return container_of(self._raw(container_id))

    def details(self, container_id: str) -> dict[str, Any]:
        return redacted(self._raw(container_id))

    def start(self, container_id: str) -> None:
        self._act(container_id, "start")

    def stop(self, container_id: str, grace_seconds: int | None = None) -> None:
        self._end(container_id, "stop", grace_seconds)

    def restart(self, container_id: str, grace_seconds: int | None = None) -> None:
        self._end(container_id, "restart", grace_seconds)

    def recreate(self, container_id: str) -> str:
        grace = self._configured_grace(container_id)
        with self._connection.verb() as client:
            return recreate(client, container_id, grace)

    def kill(self, container_id: str, signal: str = "SIGKILL") -> None:
        self._act(container_id, "kill", signal=signal)

    def pause(self, container_id: str) -> None:
        self._act(container_id, "pause")

    def unpause(self, container_id: str) -> None:
        self._act(container_id, "unpause")

    @contextmanager
    def logs(
        self, container_id: str, *, tail: int = 200, follow: bool = False
    ) -> Iterator[Iterator[LogLine]]:
        tty = bool(self._raw(container_id)["Config"].get("Tty"))
        with self._connection.stream(logs_path(container_id, tail=tail, follow=follow)) as stream:
            yield read_lines(stream, tty=tty)

    @contextmanager
    def events(self) -> Iterator[Iterator[EngineEvent]]:
        self._connection.renegotiate()
        with self._connection.stream(events_path()) as stream:
            yield read_events(stream)

    def usage(self, containers: Sequence[Container]) -> dict[str, Usage]:
        return self._usage.sample(containers)

    def probe(self, container: Container, spec: ProbeSpec, timeout_seconds: float = 2.0) -> ProbeResult:
        return self._prober.probe(container, spec, timeout_seconds)

    def reap_sidecars(self) -> int:
        """Remove probe sidecars that a killed backend left behind; returns how many. Call at boot."""
        return self._sidecars.reap()

    def close(self) -> None:
        """Release threads and connections; open streams are left to their readers."""
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._connection.close()

    def _raw(self, container_id: str) -> dict[str, Any]:
        _check_shape(container_id)
        with self._connection.query() as client:
            return client.inspect(container_id)

    def _inspect_if_there(self, container_id: str) -> Container | None:
        try:
            return self.inspect(container_id)
        except ContainerGone:
            return None  # removed since it was listed

    def _act(self, container_id: str, verb: str, grace_seconds: int = 0, **options: str | int) -> None:
        _check_shape(container_id)
        with self._connection.verb() as client:
            client.act(container_id, verb, extra_seconds=grace_seconds, **options)

    def _end(self, container_id: str, verb: str, wanted: int | None) -> None:
        """The grace is known beforehand, because the call must outlast it."""
        grace = self._configured_grace(container_id) if wanted is None else max(wanted, 0)
        self._act(container_id, verb, grace, t=grace)

    def _configured_grace(self, container_id: str) -> int:
        return stop_grace_seconds(self._raw(container_id)["Config"])


def _check_shape(container_id: str) -> None:
    """Nothing but an id or a name becomes part of an engine path."""
    if not _ID_OR_NAME.fullmatch(container_id):
        raise ContainerGone(f"No such container: {container_id}")
