"""Puts on-call together: pager, dispatcher, auditor, and their routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask_openapi3.blueprint import APIBlueprint
from prometheus_client import CollectorRegistry

from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Channel, ContactMethod
from incidentops.domain.notifications.notification import AttemptOutcome
from incidentops.domain.suppression.verdict import Surroundings
from incidentops.ports import Clock, IncidentStore
from incidentops.ports.channels import Sender
from incidentops.ports.escalations import Escalations, Move
from incidentops.ports.incidents import Committed
from incidentops.ports.oncall import Directory, Remembered
from incidentops.ports.outbox import Finished, Outbox
from incidentops_backend.http.contacts import contacts_routes
from incidentops_backend.http.maintenance import maintenance_routes
from incidentops_backend.http.notifications import notifications_routes
from incidentops_backend.http.oncall import oncall_routes
from incidentops_backend.http.replay import replay_routes
from incidentops_backend.live.channels import BrowserSender, PanelSender
from incidentops_backend.live.socket import LiveSocket
from incidentops_backend.reads.paging import PagingCollector, PagingCounters
from incidentops_backend.reads.view import LiveView
from incidentops_backend.threads import Threads
from incidentops_backend.use_cases.incidents.replay import IncidentReplay
from incidentops_backend.use_cases.notify.dispatcher import Dispatcher
from incidentops_backend.use_cases.notify.send import Notify
from incidentops_backend.use_cases.notify.watch import PageAuditor
from incidentops_backend.use_cases.oncall.book import OnCallBook
from incidentops_backend.use_cases.oncall.current import OnCallReader
from incidentops_backend.use_cases.oncall.emergency import EmergencyPager
from incidentops_backend.use_cases.oncall.pager import Pager

AUDIT_SECONDS = 30.0
SYNTHETIC_LOOK_SECONDS = 5.0
REMEMBER_SECONDS = 10.0
EMERGENCY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class OnCallPorts:
    """What on-call stands on."""

    directory: Directory
    escalations: Escalations
    outbox: Outbox
    remembered: Remembered
    senders: Mapping[Channel, Sender] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OnCallRules:
    """What a deployment decides about paging. `beat` tells a watcher outside that pages go out; the synthetic
    page goes by `synthetic_method` each `synthetic_seconds`."""

    panel_url: str = "http://localhost:8080"
    catcher_url: str = "http://catcher:8025"
    beat: Callable[[], object] | None = None
    synthetic_method: ContactMethod | None = None
    synthetic_seconds: float = 300.0


class OnCall:
    """The assembled subject."""

    def __init__(
        self, ports: OnCallPorts, incidents: IncidentStore, rules: OnCallRules, view: LiveView, clock: Clock
    ) -> None:
        self._ports, self._incidents, self._rules = ports, incidents, rules
        self._view, self._clock = view, clock
        self._changed: Callable[[str, list[str]], None] = lambda *_: None
        self._senders: dict[Channel, Sender] = dict(ports.senders)
        self.book = OnCallBook(ports.directory, clock, lambda name: self._changed("oncall", [name]))
        self.emergency = EmergencyPager(ports.directory, ports.remembered, self._senders, clock)
        self.pager = Pager(
            directory=ports.directory,
            escalations=ports.escalations,
            emergencies=self.emergency,
            assign=incidents.edit,
            around=self._surroundings,
            clock=clock,
            panel_url=rules.panel_url,
        )
        self.dispatcher = Dispatcher(ports.outbox, self._senders, clock)
        self.auditor = PageAuditor(
            ports.outbox, ports.escalations, clock, beat=rules.beat, method=rules.synthetic_method
        )
        incidents.listen(self._incidents_committed)
        self.pager.listen(self._moved)
        self.dispatcher.listen(self._finished)

    def routes(self) -> list[APIBlueprint]:
        ports, clock = self._ports, self._clock
        notify = Notify(ports.directory, ports.outbox, clock, self._enqueued)
        return [
            oncall_routes(
                book=self.book,
                reader=OnCallReader(ports.directory, clock),
                escalations=ports.escalations,
                incidents=self._incidents,
                clock=clock,
                hurry=self.pager.wake,
            ),
            notifications_routes(notify, ports.outbox),
            maintenance_routes(self.book, clock),
            replay_routes(
                IncidentReplay(self._incidents, ports.directory, lambda: self._surroundings(frozenset())),
                clock,
            ),
            contacts_routes(self.book),
        ]

    def register(self, registry: CollectorRegistry) -> None:
        """Show on-call's metrics."""
        counters, health = PagingCounters(registry), self.auditor.health
        self.pager.listen(counters.moved)
        self.dispatcher.listen(counters.finished)
        registry.register(PagingCollector(lambda: health.overdue, lambda: health.synthetic_seconds))

    def show_on(self, socket: LiveSocket) -> None:
        """Tell pages what changed, and reach people through them."""
        self._changed = socket.topics.changed
        self._senders[Channel.PANEL] = PanelSender()
        self._senders[Channel.BROWSER] = BrowserSender(socket.clients, socket.send_acknowledged)

    def start(self, threads: Threads) -> None:
        """Begin to page."""
        threads.run("pager", lambda: self.pager.run(threads.stopping))
        threads.run("dispatcher", lambda: self.dispatcher.run(threads.stopping))
        threads.every(REMEMBER_SECONDS, "roster-keeper", self.emergency.remember)
        threads.every(EMERGENCY_SECONDS, "emergencies", self.emergency.beat)
        threads.every(AUDIT_SECONDS, "page-auditor", self.auditor.audit)
        every = timedelta(seconds=self._rules.synthetic_seconds)
        threads.every(
            SYNTHETIC_LOOK_SECONDS, "synthetic-page", lambda: self.auditor.page_synthetically(every)
        )

    def stop(self) -> None:
        """Try no emergency page again."""
        self.emergency.stop()

    def ship_defaults(self) -> None:
        """Once Postgres answers: a fresh installation pages by seed 002."""
        self.book.ship_defaults(self._rules.catcher_url)
        self.emergency.remember()

    # -- inside ------------------------------------------------------------------------------------------

    def _surroundings(self, troubled: frozenset[str]) -> Surroundings:
        services = self._view.services()
        return Surroundings(
            groups={service.name: service.group for service in services},
            depends_on={service.name: service.depends_on for service in services},
            troubled=troubled,
        )

    def _incidents_committed(self, committed: Committed) -> None:
        if committed.changes:
            self.pager.wake()

    def _moved(self, move: Move) -> None:
        self._changed("incidents", [str(move.pending.incident.id)])
        if move.notifications or move.cancels:
            self._enqueued([str(item.id) for item in move.notifications])

    def _enqueued(self, ids: list[str]) -> None:
        self.dispatcher.wake()
        self._changed("notifications", ids)

    def _finished(self, _bundle: Bundle, results: list[Finished]) -> None:
        self._changed("notifications", [str(result.after.id) for result in results])
        for result in results:
            if result.outcome is AttemptOutcome.DELIVERED:
                self.auditor.delivered(result.after)
