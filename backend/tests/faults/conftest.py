"""A backend on the real engine, a target that answers on TCP and UDP, and a neighbour on the same network."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from backend.tests.conftest import ORIGIN, wait_until
from backend.tests.faults.target import ECHO, Target
from incidentops.adapters.docker import DockerEngine
from incidentops.adapters.docker.fault_engine import DockerFaults
from incidentops.adapters.spool.fault_journal import FileFaultJournal
from incidentops.clock import SystemClock
from incidentops.domain.containers import Container
from incidentops.domain.observations import EngineEvent
from incidentops.ports.faults import Tool
from incidentops.testing.bus import MemoryBus
from incidentops.testing.cache import MemoryCache
from incidentops.testing.containers import RunningContainer, docker, own_network, running_container
from incidentops.testing.store import MemoryRecords, MemoryStore
from incidentops_backend.access import AccessRules
from incidentops_backend.bootstrap import Backend, Ports, Rules
from incidentops_backend.bootstrap.experiments import ExperimentPorts
from incidentops_backend.bootstrap.faults import FaultPorts

ENGINE = "unix:///var/run/docker.sock"
IMAGE = "incidentops/nettools:dev"
IMAGES = {Tool.NETTOOLS: IMAGE, Tool.STRESSOR: "incidentops/stressor:dev"}
MARK = "incidentops.test-lab"


class OwnEngine(DockerEngine):
    """Sees the containers of these tests and no others, so that it leaves those of other people alone."""

    def __init__(self, mark: str) -> None:
        super().__init__(ENGINE)
        self._mark = mark

    def list(self) -> list[Container]:
        return [container for container in super().list() if container.labels.get(MARK) == self._mark]

    @contextmanager
    def events(self) -> Iterator[Iterator[EngineEvent]]:
        with super().events() as events:
            yield (event for event in events if event.labels.get(MARK) == self._mark)


class Lab:
    """One backend on the real engine, as an operator uses it."""

    def __init__(self, state: Path) -> None:
        self.project = f"faults-test-{uuid4().hex[:6]}"
        self.engine = OwnEngine(self.project)
        self.fault_engine = DockerFaults(ENGINE, project=self.project, images=IMAGES)
        self.state, self.store = state, MemoryStore()
        self.backend = self._backend()

    def _backend(self) -> Backend:
        faults = FaultPorts(self.fault_engine, FileFaultJournal(self.state), self.store.faults)
        experiments = ExperimentPorts(self.store.experiments, self.store.faults, Path("none"))
        records, clock = MemoryRecords(self.store), SystemClock()
        ports = Ports(
            self.engine, records, self.store, MemoryBus(), MemoryCache(), clock, faults, experiments
        )
        backend = Backend(ports, Rules("incidentops", AccessRules.from_origins([ORIGIN])))
        backend.start()
        return backend

    @property
    def client(self) -> FlaskClient:
        return self.backend.app.test_client()

    def inject(self, target: Target, kind: str, lease: float = 60.0, **parameters: Any) -> dict[str, Any]:
        """The fault as the API answers it; it bites."""
        wait_until(lambda: self.backend.view.find(target.service) is not None)
        body = {"service": target.service, "fault": kind, "parameters": parameters, "lease_seconds": lease}
        answer = self.client.post("/api/v1/faults", json=body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        fault: dict[str, Any] = answer.get_json()
        assert fault["state"] == "active", json.dumps(fault)
        return fault

    def read(self, fault: dict[str, Any]) -> dict[str, Any]:
        read: dict[str, Any] = self.client.get(f"/api/v1/faults/{fault['id']}").get_json()
        return read

    def undo(self, fault: dict[str, Any]) -> dict[str, Any]:
        self.client.delete(f"/api/v1/faults/{fault['id']}")
        return self.ended(fault)

    def ended(self, fault: dict[str, Any], seconds: float = 30.0) -> dict[str, Any]:
        """The fault once it has ended."""
        wait_until(lambda: self.read(fault)["state"] in ("undone", "failed"), seconds)
        return self.read(fault)

    def sidecar(self, fault: dict[str, Any]) -> str:
        """The id of the sidecar of a fault, once it is there."""
        wait_until(lambda: bool(self._sidecars(fault)))
        return self._sidecars(fault)[0]

    def _sidecars(self, fault: dict[str, Any]) -> list[str]:
        return [sidecar for sidecar, item in self.fault_engine.sidecars() if str(item.id) == fault["id"]]

    def replace_backend(self, meanwhile: Callable[[], object]) -> None:
        """The backend dies without a word; another one comes later."""
        self.backend.stop()
        meanwhile()
        self.backend = self._backend()

    def close(self) -> None:
        self.client.post("/api/v1/chaos/stop", json={"why": "the tests are over"})
        self.backend.stop()
        for sidecar, _ in self.fault_engine.sidecars():
            self.fault_engine.remove(sidecar)
        self.fault_engine.close()
        self.engine.close()


@pytest.fixture(scope="package")
def lab(tmp_path_factory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("state"))
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _nothing_left(lab) -> Iterator[None]:
    """What a failed test left does not hurt the next one."""
    yield
    for fault in lab.backend.faults.active.all():
        lab.undo({"id": str(fault.id)})


@pytest.fixture(scope="package")
def network() -> Iterator[str]:
    with own_network("faults-test") as network:
        yield network


def _target(lab: Lab, service: str, network: str, *options: str) -> Iterator[Target]:
    labels = (
        f"--label={MARK}={lab.project}",
        f"--label=incidentops.service={service}",
        "--label=com.docker.compose.project=incidentops",
    )
    with running_container(
        IMAGE,
        ready=_answers,
        command=["-c", ECHO],
        options=[
            f"--network={network}",
            "--entrypoint=python3",
            "--stop-timeout=1",
            "--init",
            f"--network-alias={service}",
            *labels,
            *options,
        ],
        name=f"faults-test-{service}",
    ) as container:
        yield Target(service, container)


def _answers(container: RunningContainer) -> bool:
    return Target("", container).connects()


@pytest.fixture(scope="package")
def redis(lab, network) -> Iterator[Target]:
    """The target: limited memory, and a scratch volume of 16 MiB."""
    volume = f"faults-test-{uuid4().hex[:8]}"
    docker("volume", "create", "--opt=type=tmpfs", "--opt=device=tmpfs", "--opt=o=size=16m", volume)
    try:
        yield from _target(
            lab,
            "redis",
            network,
            "--memory=256m",
            f"--volume={volume}:/scratch",
            "--label=incidentops.scratch=/scratch",
        )
    finally:
        docker("volume", "rm", volume)


@pytest.fixture(scope="package")
def billing(lab, network) -> Iterator[Target]:
    """A neighbour, known as `peer`."""
    yield from _target(lab, "billing", network, "--network-alias=peer")
