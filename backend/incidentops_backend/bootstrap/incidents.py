"""Puts alerts and incidents together: the doors they come in by, what stores them, and who is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from prometheus_client import CollectorRegistry

from incidentops.domain.severity import Severity
from incidentops.domain.suppression.verdict import Suppressions
from incidentops.ports import Clock, IncidentStore, Records
from incidentops.ports.incidents import Committed
from incidentops_backend.http.alerts import alerts_routes, rules_routes
from incidentops_backend.http.incidents import incidents_routes, queue_routes, statistics_routes
from incidentops_backend.http.ingest.alertmanager import alertmanager_routes
from incidentops_backend.http.ingest.cloudevents import cloudevents_routes
from incidentops_backend.http.ingest.door import Door
from incidentops_backend.http.ingest.heartbeats import heartbeat_routes
from incidentops_backend.http.ingest.pagerduty import pagerduty_routes
from incidentops_backend.http.ingest.plain import plain_routes
from incidentops_backend.http.ingest.prometheus import Told, prometheus_routes
from incidentops_backend.http.problems import Problem
from incidentops_backend.live.topics import Topics
from incidentops_backend.reads.incident_metrics import IncidentMetrics
from incidentops_backend.reads.upstream import Upstream
from incidentops_backend.reads.view import LiveView
from incidentops_backend.threads import Threads
from incidentops_backend.use_cases.incidents.desk import IncidentDesk
from incidentops_backend.use_cases.incidents.intake import Intake
from incidentops_backend.use_cases.incidents.own_probes import OwnProbes
from incidentops_backend.use_cases.incidents.timers import Timers

PROBE_SECONDS = 0.5
TIMER_SECONDS = 1.0
COUNT_SECONDS = 10.0

_TAG = Tag(name="intake", description="Where alerts come in, in the words of many tools")


@dataclass(frozen=True, slots=True)
class IncidentRules:
    """What a deployment decides: the integration key of each source (none: open on loopback), and how bad an
    outage seen by our own probes is when the service does not say (None: no alert)."""

    keys: Mapping[str, str] = field(default_factory=dict)
    outage_severity: Severity | None = Severity.HIGH


class Incidents:
    """The subject, assembled. `start` begins its threads."""

    def __init__(
        self,
        *,
        store: IncidentStore,
        records: Records,
        view: LiveView,
        clock: Clock,
        registry: CollectorRegistry,
        rules: IncidentRules,
        suppressions: Callable[[], Suppressions],
    ) -> None:
        self._store, self._clock, self._suppressions = store, clock, suppressions
        self.metrics = IncidentMetrics(registry)
        self.intake = Intake(records, store, self.metrics.stored)
        self.desk = IncidentDesk(store, clock)
        upstream = Upstream(view)
        self.timers = Timers(store, self.intake, clock)
        self.own_probes = OwnProbes(view, upstream, self.intake, clock, rules.outage_severity)
        self._door = Door(self.intake, self.metrics, upstream, clock, rules.keys)
        store.listen(self.metrics.committed)

    def routes(self) -> list[APIBlueprint]:
        """Every route of alerts and incidents."""
        intake = APIBlueprint(
            "intake", __name__, abp_tags=[_TAG], abp_responses={401: Problem, 422: Problem, 503: Problem}
        )
        intake.after_request(self._door.count_unseen)
        for routes in (plain_routes, alertmanager_routes, pagerduty_routes, cloudevents_routes):
            routes(self._door, intake)
        prometheus_routes(self._door, intake, Told(self._store, self._suppressions))
        heartbeat_routes(self._door, intake, self._store)
        return [
            intake,
            alerts_routes(self._store),
            rules_routes(self._store, self._clock),
            statistics_routes(self._store, self.desk, self._clock),
            incidents_routes(self._store, self.desk, self._clock),
            queue_routes(self._store, self.desk),
        ]

    def tell(self, topics: Topics) -> None:
        """Let pages hear of every commit."""

        def committed(change: Committed) -> None:
            if change.incidents:
                topics.changed("incidents", (str(incident.id) for incident in change.incidents))
            if change.alert_ids:
                topics.changed("alerts", map(str, change.alert_ids))

        self._store.listen(committed)

    def start(self, threads: Threads) -> None:
        threads.every(PROBE_SECONDS, "own-probes", self.own_probes.sample)
        threads.every(TIMER_SECONDS, "incident-timers", self.timers.sweep)
        threads.every(COUNT_SECONDS, "incident-counts", lambda: self.metrics.sample(self._store))
