"""Puts the backend together: the one place that knows both the use cases and what they stand on."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from flask_openapi3.openapi import OpenAPI
from prometheus_client import CollectorRegistry

from incidentops.domain.errors import Unavailable
from incidentops.ports import Bus, Cache, Clock, Engine, IncidentStore, Records, Store
from incidentops_backend.access import AccessRules
from incidentops_backend.app import create_app
from incidentops_backend.bootstrap.experiments import ExperimentPorts, Experiments
from incidentops_backend.bootstrap.faults import FaultPorts, Faults
from incidentops_backend.bootstrap.incidents import IncidentRules, Incidents
from incidentops_backend.bootstrap.oncall import OnCall, OnCallPorts, OnCallRules
from incidentops_backend.bootstrap.remediation import RemediationDesk, RemediationParts, RemediationRules
from incidentops_backend.bootstrap.story import Story, StoryPorts
from incidentops_backend.consumers.commands import CommandHandler
from incidentops_backend.http.about import about_routes
from incidentops_backend.http.actions import actions_routes
from incidentops_backend.http.export import export_routes
from incidentops_backend.http.inspect import inspect_routes
from incidentops_backend.http.policies import policies_routes
from incidentops_backend.http.remediate import remediation_routes
from incidentops_backend.http.services import services_routes
from incidentops_backend.http.system import system_routes
from incidentops_backend.live.hub import Hub
from incidentops_backend.live.logs import BEAT_SECONDS as LOG_SECONDS
from incidentops_backend.live.logs import LogDesk
from incidentops_backend.live.socket import LiveSocket
from incidentops_backend.live.stats import StatsSampler
from incidentops_backend.reads.dependencies import Dependencies
from incidentops_backend.reads.metrics import Happenings, StateCollector
from incidentops_backend.reads.recent_actions import RecentActions
from incidentops_backend.reads.system import SystemReader
from incidentops_backend.reads.view import LiveView
from incidentops_backend.threads import Threads
from incidentops_backend.use_cases.act import Act
from incidentops_backend.use_cases.action_log import ActionLog
from incidentops_backend.use_cases.announce import Announcer
from incidentops_backend.use_cases.exposure import Exposed, check_exposure
from incidentops_backend.use_cases.locks import ServiceLocks
from incidentops_backend.use_cases.orphans import close_orphans
from incidentops_backend.use_cases.remediate_mode import RecoveryModes
from incidentops_backend.use_cases.replays import Replays
from incidentops_backend.use_cases.restore import Restore
from incidentops_backend.watch.engine import EngineWatcher
from incidentops_backend.watch.prober import Prober

log = structlog.get_logger()

RESYNC_SECONDS = 60.0
SYSTEM_SECONDS = 2.0
STATS_SECONDS = 1.0
PROBE_SECONDS = 0.5
DEPENDENCY_SECONDS = 2.0
POLICY_SECONDS = 2.0
STOP_SECONDS = 2.0
COMMAND_CONSUMERS = 4
"""Commands handled at once: a restart may take ten seconds, and a run must not wait for another's."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything the backend stands on, real or in memory."""

    engine: Engine
    records: Records
    store: Store
    incidents: IncidentStore
    oncall: OnCallPorts
    bus: Bus
    cache: Cache
    clock: Clock
    faults: FaultPorts
    experiments: ExperimentPorts
    story: StoryPorts


@dataclass(frozen=True, slots=True)
class Rules:
    """What a deployment decides: its compose project, who may write, whether people must say who they are."""

    own_project: str
    access: AccessRules
    authentication: bool = False
    restore_wishes: bool = True
    refuse_to_serve: Callable[[], None] = lambda: None
    incidents: IncidentRules = field(default_factory=IncidentRules)
    oncall: OnCallRules = field(default_factory=OnCallRules)
    remediation: RemediationRules = field(default_factory=RemediationRules)


class Backend:
    """The assembled control plane. `start` begins its threads, `stop` ends them within two seconds."""

    def __init__(self, ports: Ports, rules: Rules) -> None:
        self._ports, self._rules = ports, rules
        self._threads = Threads()
        self.view = LiveView(rules.own_project, ports.clock)
        self.recent = RecentActions()
        self.system = SystemReader()
        self.dependencies = Dependencies(self._checks(), ports.clock)
        self.log = ActionLog(ports.records, ports.clock)
        locks = ServiceLocks()
        self.act = Act(ports.engine, self.view, self.log, locks)
        self.faults = Faults(
            ports.faults,
            ports.engine,
            ports.records,
            ports.clock,
            view=self.view,
            probe=self.act.probe,
        )
        self.hub = Hub(
            self.view, self.recent, self.system, self.dependencies, ports.clock, faults=self.faults.active
        )
        self.healing = RemediationDesk(
            RemediationParts(
                ports.bus,
                ports.records,
                ports.clock,
                self.view,
                self.act,
                self.log,
                locks,
                self.faults.active,
                self._threads.stopping,
            ),
            rules.remediation,
        )
        self.experiments = Experiments(
            ports.experiments,
            bus=ports.bus,
            clock=ports.clock,
            records=ports.records,
            actions=ports.store,
            incidents=ports.incidents,
            recent=self.recent,
            view=self.view,
            faults=self.faults,
        )
        self.announcer = Announcer(ports.bus, ports.clock)
        self.watcher = EngineWatcher(ports.engine, self.view)
        self.prober = Prober(ports.engine, self.view, rules.own_project, ports.clock)
        self.registry = CollectorRegistry()
        self.happenings = Happenings(self.registry)
        self.incidents = Incidents(
            store=ports.incidents,
            records=ports.records,
            view=self.view,
            clock=ports.clock,
            registry=self.registry,
            rules=rules.incidents,
            suppressions=ports.oncall.directory.suppressions,
        )
        self.story = Story(
            ports.story,
            incidents=ports.incidents,
            desk=self.incidents.desk,
            view=self.view,
            engine=ports.engine,
            clock=ports.clock,
        )
        self.oncall = OnCall(ports.oncall, ports.incidents, rules.oncall, self.view, ports.clock)
        self.app = self._create_app()
        self.socket = LiveSocket(self.app, self.hub, rules.access)
        self.stats = StatsSampler(ports.engine, self.view, self.socket.clients, self.socket.send, ports.clock)
        self.logs = LogDesk(ports.engine, self.view, self.socket.send_acknowledged)
        self.socket.serve_logs(self.logs)
        self.incidents.tell(self.socket.topics)
        self.story.tell(self.socket.topics)
        self.oncall.show_on(self.socket)
        self.incidents.intake.on_spooled(self.oncall.emergency.spooled)
        self.oncall.register(self.registry)
        self._register_state()
        self._connect_listeners()

    def start(self) -> None:
        """Begin everything; every dependency may be absent."""
        threads = self._threads
        threads.run("hub", self.hub.run)
        threads.run("sockets", self.socket.reactor.run)
        threads.run("engine-refresher", self.watcher.run_refresher)
        threads.run("engine-watcher", self.watcher.run)
        threads.run("announcer", self.announcer.run)
        threads.run("topics", self.socket.topics.run)
        threads.every(STATS_SECONDS, "stats", self._each_second)
        threads.every(PROBE_SECONDS, "prober", self.prober.sample)
        threads.every(SYSTEM_SECONDS, "system", lambda: self.hub.system_changed(self.system.sample()))
        threads.every(DEPENDENCY_SECONDS, "dependencies", self.dependencies.sample)
        threads.every(LOG_SECONDS, "logs", self.logs.beat)
        threads.every(RESYNC_SECONDS, "resync", self.watcher.resync)
        self.incidents.start(threads)
        self.story.start(threads)
        self.oncall.start(threads)
        threads.every(POLICY_SECONDS, "policies", self.healing.book.refresh)
        threads.every(POLICY_SECONDS, "breakers", self.healing.auto.retry_rested)
        threads.run("catch-up", self._catch_up_with_store)
        self.faults.start(threads)
        self.experiments.start(threads)
        for _ in range(COMMAND_CONSUMERS):
            self._ports.bus.subscribe("backend.commands", self.commands(), prefetch=1)

    def commands(self) -> CommandHandler:
        """What handles the commands of the other services."""
        further = {**self.faults.commands(), **self.experiments.commands(self.act)}
        return CommandHandler(self.act, self.healing.commands(), self._ports.clock, further)

    def stop(self) -> None:
        """Close sockets first, so that the server can go within its grace; then the threads."""
        self.socket.close()
        self.watcher.stop()
        self.hub.stop()
        self.socket.topics.stop()
        self.announcer.stop()
        self.oncall.stop()
        self.socket.reactor.stop()
        self._threads.stop(STOP_SECONDS)
        self._ports.bus.close()

    # -- inside ------------------------------------------------------------------------------------------

    def _checks(self) -> dict[str, Callable[[], None]]:
        ports = self._ports
        return {
            "engine": self._check_engine,
            "postgres": ports.store.ping,
            "rabbitmq": self._check_bus,
            "redis": ports.cache.ping,
        }

    def _check_engine(self) -> None:
        if self.view.engine_lost_at is not None or self.view.age_seconds is None:
            raise Unavailable("engine", "its event stream is lost")

    def _check_bus(self) -> None:
        if not self._ports.bus.connected():
            raise Unavailable("rabbitmq", "not connected")

    def _create_app(self) -> OpenAPI:
        replays = Replays(self.recent, self._ports.store)
        return create_app(
            self._rules.access,
            self.registry,
            [
                services_routes(self.view, self.act, replays),
                remediation_routes(self.healing.remediate_all, RecoveryModes(self.act, self.view, self.log)),
                policies_routes(
                    self.healing.book,
                    self.healing.guards,
                    self.healing.approvals,
                    self._ports.store.remediation,
                    self._ports.clock,
                ),
                inspect_routes(self._ports.engine, self.view, self.act),
                export_routes(self._ports.store, self._ports.clock),
                actions_routes(self._ports.store),
                about_routes(self._ports.engine),
                system_routes(self.system, self.dependencies, self._ports.bus),
                *self.incidents.routes(),
                self.story.routes(),
                *self.oncall.routes(),
                *self.faults.routes(),
                *self.experiments.routes(),
            ],
        )

    def _register_state(self) -> None:
        collector = StateCollector(
            view=self.view,
            engine=self._ports.engine,
            system=self.system,
            dependencies=self.dependencies,
            clients=lambda: len(self.socket.clients),
            backlog=self._ports.records.backlog,
        )
        self.registry.register(collector)

    def _connect_listeners(self) -> None:
        self.view.listen(self.hub.services_changed)
        self.view.listen(self.announcer.services_changed)
        self.log.listen(self.recent.put)
        self.log.listen(self.hub.action_changed)
        self.log.listen(self.announcer.action_changed)
        self.log.listen(self.happenings.action)
        self.dependencies.listen(self.hub.dependencies_changed)
        self.watcher.listen(self.healing.auto.saw)
        self.healing.announce(self.announcer, self.registry)
        self.watcher.listen(self.happenings.event)
        self.watcher.on_connect(self._engine_connected)
        self.healing.tell_pages(self.socket.topics.changed)
        self.hub.on_sent = self.happenings.deltas.inc
        self.faults.connect(self.hub, self.announcer, self.watcher, self.registry)
        self.experiments.connect(self.registry, self.socket.topics.changed)

    def _engine_connected(self) -> None:
        self._refuse_exposure()
        self._take_what_was_wanted()
        self.dependencies.sample()
        self._threads.run("restore", self._restore)

    def _restore(self) -> None:
        """First what the operator wants, in order; then what died in recovery mode `auto` without us."""
        if self._rules.restore_wishes:
            Restore(self.view, self.act, self._rules.own_project).restore()
        self.healing.auto.sweep()

    def _take_what_was_wanted(self) -> None:
        """What this machine remembers of the operators' wishes and recovery modes."""
        wishes, recoveries = self._ports.records.wishes(), self._ports.records.recoveries()
        self.view.set_wishes({service: item.wish for service, item in wishes.items()})
        self.view.set_recovery_modes({service: item.mode for service, item in recoveries.items()})
        self.healing.remember()

    def _refuse_exposure(self) -> None:
        if self._rules.authentication:
            return
        try:
            check_exposure(self._ports.engine.list(), self._rules.own_project)
        except Exposed as error:
            log.critical("refused_to_serve", reason=str(error))
            self._rules.refuse_to_serve()

    def _each_second(self) -> None:
        self.view.tick()
        self.socket.catch_up()
        self.stats.sample()

    def _catch_up_with_store(self) -> None:
        """Once Postgres answers for the first time: fill the cards' logs and close orphaned intents."""
        while not self._threads.stopping.is_set():
            with suppress(Unavailable):
                self._read_store()
                return
            self._threads.stopping.wait(DEPENDENCY_SECONDS)

    def _read_store(self) -> None:
        self._ports.records.remember_wishes(self._ports.store.wishes().values())
        self._ports.records.remember_recoveries(self._ports.store.recoveries().values())
        self.healing.read(self._ports.store.remediation)
        self._take_what_was_wanted()
        self.oncall.ship_defaults()
        for action in self.recent.seed(self._ports.store.recent_actions()):
            self.hub.action_changed(action)
        mine = frozenset(str(action.id) for action in self.recent.running())
        close_orphans(self._ports.store, self.log, mine)
