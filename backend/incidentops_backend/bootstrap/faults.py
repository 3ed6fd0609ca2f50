"""Puts the faults together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_openapi3.blueprint import APIBlueprint
from prometheus_client import CollectorRegistry

from incidentops.domain.probes import ProbeResult
from incidentops.ports import Clock, Engine, FaultEngine, FaultJournal, FaultStore, Records
from incidentops_backend.consumers.faults import FaultCommands
from incidentops_backend.consumers.reading import Answer
from incidentops_backend.http.chaos import chaos_routes
from incidentops_backend.http.faults import faults_routes
from incidentops_backend.live.hub import Hub
from incidentops_backend.reads.active_faults import ActiveFaults
from incidentops_backend.reads.fault_metrics import FaultMetrics
from incidentops_backend.reads.view import LiveView
from incidentops_backend.threads import Threads
from incidentops_backend.use_cases.announce import Announcer
from incidentops_backend.use_cases.faults.attendant import Hands
from incidentops_backend.use_cases.faults.book import FaultBook
from incidentops_backend.use_cases.faults.desk import FaultDesk
from incidentops_backend.use_cases.faults.emergency import Emergency
from incidentops_backend.use_cases.faults.pulse import Pulse
from incidentops_backend.use_cases.faults.request import Requests
from incidentops_backend.use_cases.faults.steps import Steps
from incidentops_backend.watch.engine import EngineWatcher

SUPERVISE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class FaultPorts:
    """What faults stand on beside the ports of everything."""

    engine: FaultEngine
    journal: FaultJournal
    store: FaultStore


class Faults:
    """The desk and everything around it. `active` is there before the rest: pages mark what it holds."""

    def __init__(
        self,
        ports: FaultPorts,
        engine: Engine,
        records: Records,
        clock: Clock,
        *,
        view: LiveView,
        probe: Callable[[str], ProbeResult],
    ) -> None:
        self._ports = ports
        self.active = ActiveFaults()
        self.book = FaultBook(ports.journal, records, self.active)
        self.emergency = Emergency(ports.journal, clock)
        self.requests = Requests(view, ports.engine, self.book, clock)
        hands = Hands(ports.engine, Steps(engine, ports.engine), self.book, clock, Pulse(view, probe))
        self.desk = FaultDesk(self.requests, hands, self.emergency, ports.store)

    def routes(self) -> list[APIBlueprint]:
        return [
            faults_routes(self.desk, self._ports.store),
            chaos_routes(self.desk, self.emergency, self.active),
        ]

    def commands(self) -> Mapping[str, Answer]:
        return FaultCommands(self.desk).answers()

    def connect(
        self, hub: Hub, announcer: Announcer, watcher: EngineWatcher, registry: CollectorRegistry
    ) -> None:
        """Let everyone hear of faults, and the desk of the engine."""
        metrics = FaultMetrics(registry, self.active, self.emergency.engaged)
        for listener in (hub.fault_changed, announcer.fault_changed, metrics.fault):
            self.book.listen(listener)
        watcher.listen(self.desk.heard)
        watcher.on_connect(self.desk.reap)

    def start(self, threads: Threads) -> None:
        """Take over what earlier backends began."""
        self.desk.recall(self._ports.journal)
        threads.every(SUPERVISE_SECONDS, "faults", self.desk.supervise)
