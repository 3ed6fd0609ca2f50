"""A whole backend on in-memory twins, driven by hand: no thread runs unless a test starts it."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3 import utils as openapi
from werkzeug.serving import make_server

from incidentops.adapters.notify.log import LogSender
from incidentops.domain.containers import Container
from incidentops.domain.notifications.contacts import Channel
from incidentops.domain.outages import OutagePolicy
from incidentops.domain.policies import Policy
from incidentops.domain.probes import ProbeResult
from incidentops.healing import Patience
from incidentops.ports import Clock
from incidentops.ports.channels import Sender
from incidentops.settings import SOURCES
from incidentops.testing.bus import MemoryBus
from incidentops.testing.cache import MemoryCache
from incidentops.testing.clock import FakeClock
from incidentops.testing.directory import MemoryRemembered
from incidentops.testing.engine import MemoryEngine
from incidentops.testing.fault_engine import MemoryFaultEngine
from incidentops.testing.faults import MemoryFaultJournal
from incidentops.testing.remediation import MemoryPolicies
from incidentops.testing.store import MemoryRecords, MemoryStore
from incidentops_backend.access import AccessRules
from incidentops_backend.bootstrap import Backend, Ports, Rules
from incidentops_backend.bootstrap.experiments import ExperimentPorts
from incidentops_backend.bootstrap.faults import FaultPorts
from incidentops_backend.bootstrap.incidents import IncidentRules
from incidentops_backend.bootstrap.oncall import OnCallPorts, OnCallRules
from incidentops_backend.bootstrap.remediation import RemediationRules
from incidentops_backend.bootstrap.story import StoryPorts
from incidentops_backend.use_cases.remediate import Timing

from .chaos_player import Chaos

LIBRARY = Path(__file__).parents[2] / "chaos" / "experiments"
ORIGIN = "http://localhost:8080"
SHORT = Timing(claim_seconds=0.3, lease_seconds=0.5, patience=Patience(seconds=0.5))
ANSWERS = ProbeResult(alive=True, detail="PONG", duration_ms=0.2)


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(0.005)


class World:
    """The parts of one backend, within a test's reach."""

    def __init__(
        self,
        clock: Clock | None = None,
        before: "World | None" = None,
        incidents: IncidentRules = IncidentRules(),  # noqa: B008  # frozen
        senders: Mapping[Channel, Sender] | None = None,
        stored: "tuple[Any, Any] | None" = None,
    ) -> None:
        """With `before`, another backend on the same engine and store; with `stored`, on this store and records."""
        self.clock = clock or FakeClock()
        self.engine = before.engine if before else MemoryEngine()
        self.store = before.store if before else MemoryStore()
        self.records = MemoryRecords(self.store)
        if stored:
            self.store, self.records = stored
        self.bus = MemoryBus()
        self.cache = MemoryCache()
        self.beats = 0
        self.senders: Mapping[Channel, Sender] = senders or {Channel.LOG: LogSender()}
        self.policies = MemoryPolicies[Policy]()
        self.outages = MemoryPolicies[OutagePolicy]()
        self.fault_engine = MemoryFaultEngine(self.engine)
        self.journal = MemoryFaultJournal()
        faults = FaultPorts(self.fault_engine, self.journal, self.store.faults)
        self.backend = Backend(
            Ports(
                engine=self.engine,
                records=self.records,
                store=self.store,
                incidents=self.store.incidents,
                oncall=OnCallPorts(
                    self.store.directory,
                    self.store.escalations,
                    self.store.outbox,
                    MemoryRemembered(),
                    self.senders,
                ),
                bus=self.bus,
                cache=self.cache,
                clock=self.clock,
                faults=faults,
                experiments=ExperimentPorts(self.store.experiments, self.store.faults, LIBRARY),
                story=StoryPorts(self.store.chronicle, self.store.evidence),
            ),
            Rules(
                "incidentops",
                AccessRules.from_origins([ORIGIN], ["backend"]),
                incidents=replace(incidents, outages=self.outages),
                oncall=OnCallRules(beat=self._beat),
                remediation=RemediationRules(SHORT, self.policies),
            ),
        )

    def _beat(self) -> None:
        self.beats += 1

    @property
    def client(self) -> FlaskClient:
        return self.backend.app.test_client()

    def add(self, name: str, **options) -> Container:
        """A container of our own project, running and answering, in engine and view."""
        labels = {
            "incidentops.service": name,
            "incidentops.probe": "redis://:6379",
            "com.docker.compose.project": "incidentops",
        } | options.pop("labels", {})
        container = self.engine.add(name, labels=labels, **options)
        self.engine.answer(container.id, ANSWERS)
        self.see()
        return container

    def see(self) -> None:
        """Let the view take in what the engine holds now."""
        self.backend.watcher.resync()


@pytest.fixture(scope="session", autouse=True)
def _one_schema_per_shape() -> Iterator[None]:
    """The OpenAPI document has each shape described once per route, which took most of the time of a test's backend."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openapi, "get_model_schema", cache(openapi.get_model_schema))
        yield


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.bus.close()


@pytest.fixture
def chaos(world) -> Chaos:
    """Four services in one group, and chaos as the test plays it."""
    for name in ("redis", "postgres", "rabbitmq", "billing"):
        world.add(name, labels={"incidentops.group": "data"})
    return Chaos(world)


@pytest.fixture
def keyed_world() -> Iterator[World]:
    """Senders of alerts must show a key."""
    world = World(incidents=IncidentRules(keys={source: f"{source}-secret" for source in SOURCES}))
    yield world
    world.bus.close()


@pytest.fixture
def url(world) -> Iterator[str]:
    """The backend with its threads, behind a real server."""
    world.backend.start()
    server = make_server("127.0.0.1", 0, world.backend.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    world.backend.stop()
    server.shutdown()
    thread.join()
    server.server_close()
