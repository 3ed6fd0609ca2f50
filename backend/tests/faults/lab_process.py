"""A backend on the real engine as a process of its own, so that tests can kill it: `MARK STATE PORT whole|lesser`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from werkzeug.serving import make_server

from backend.tests.twins import beside
from incidentops.adapters.docker import DockerEngine
from incidentops.adapters.docker.fault_engine import DockerFaults
from incidentops.adapters.spool.fault_journal import FileFaultJournal
from incidentops.domain.containers import Container
from incidentops.domain.observations import EngineEvent
from incidentops.ports.faults import Target, Tool
from incidentops_backend.access import AccessRules
from incidentops_backend.bootstrap import Backend, Rules

ENGINE = "unix:///var/run/docker.sock"
IMAGES = {Tool.NETTOOLS: "incidentops/nettools:dev", Tool.STRESSOR: "incidentops/stressor:dev"}
LABEL = "incidentops.test-lab"


class OwnEngine(DockerEngine):
    """Sees the containers of these tests and no others, so that it leaves those of other people alone."""

    def __init__(self, mark: str) -> None:
        super().__init__(ENGINE)
        self._mark = mark

    def list(self) -> list[Container]:
        return [container for container in super().list() if container.labels.get(LABEL) == self._mark]

    @contextmanager
    def events(self) -> Iterator[Iterator[EngineEvent]]:
        with super().events() as events:
            yield (event for event in events if event.labels.get(LABEL) == self._mark)


class LesserFaults(DockerFaults):
    """An engine on a kernel that neither delays nor queues packets, with control groups that nobody can join."""

    def kernel(self) -> frozenset[str]:
        return super().kernel() & {"redirect"}

    def look(self, container_id: str) -> Target:
        return replace(super().look(container_id), cgroup=None)


def backend(mark: str, state: Path, engine: type[DockerFaults]) -> Backend:
    """What it knew before it was killed is in `state` and in the labels of its sidecars; its store is empty."""
    faults = engine(ENGINE, project=mark, images=IMAGES)
    ports = beside(OwnEngine(mark), faults, FileFaultJournal(state))
    return Backend(ports, Rules(mark, AccessRules.from_origins([])))


def main() -> None:
    mark, state, port, engine = sys.argv[1:]
    assembled = backend(mark, Path(state), LesserFaults if engine == "lesser" else DockerFaults)
    assembled.start()
    make_server("127.0.0.1", int(port), assembled.app, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
