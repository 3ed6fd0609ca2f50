"""Metrics of alerts and incidents, with the names that dashboards of seed 003 ask for."""

from collections import Counter as Tally

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from incidentops.domain.correlation import Result
from incidentops.domain.errors import Unavailable
from incidentops.domain.incidents import ChangeKind, Incident, IncidentStatus
from incidentops.domain.severity import Severity
from incidentops.ports import IncidentStore
from incidentops.ports.incidents import Committed

NAMED_SERVICES = 500
"""How many services are told apart by name; a sender could make up any number of them."""

_OTHERS = "other"
_ANSWER_BUCKETS = (5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)


class IncidentMetrics:
    """Thread-safe. Fed by the intake, by the store's commits and by refusals."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._received = Counter("alerts_received", "Signals accepted.", ["severity"], registry=registry)
        self._correlated = Counter(
            "alerts_correlated", "What became of signals.", ["result"], registry=registry
        )
        self._rejected = Counter(
            "alerts_rejected",
            "Requests refused, by wire format and reason.",
            ["format", "reason"],
            registry=registry,
        )
        self._seconds = Histogram(
            "alert_processing_seconds",
            "Storing one group of signals, correlation included.",
            registry=registry,
        )
        self._by_service = Counter(
            "alerts_by_service", "New alerts of each service.", ["service"], registry=registry
        )
        self._created = Counter("incidents_created", "Incidents opened.", ["severity"], registry=registry)
        self._by_status = Gauge("incidents_by_status", "Incidents.", ["status"], registry=registry)
        self._mtta = Histogram(
            "incident_mtta_seconds",
            "From opening to the first answer.",
            buckets=_ANSWER_BUCKETS,
            registry=registry,
        )
        self._mttr = Histogram(
            "incident_mttr_seconds", "From opening to resolution.", buckets=_ANSWER_BUCKETS, registry=registry
        )
        self._named: set[str] = set()
        for severity in Severity:
            self._received.labels(severity)
            self._created.labels(severity)
        for result in Result:
            self._correlated.labels(result)

    def stored(self, severities: Tally[str], seconds: float) -> None:
        """One group of signals is durable."""
        self._seconds.observe(seconds)
        for severity, count in severities.items():
            self._received.labels(severity).inc(count)

    def rejected(self, format_name: str, reason: str) -> None:
        """A request was refused; `reason` is one of a few words."""
        self._rejected.labels(format_name, reason).inc()

    def committed(self, committed: Committed) -> None:
        """Something was stored, perhaps long after it was accepted."""
        results = Tally(taken.result for batch in committed.taken.values() for taken in batch)
        for result, count in results.items():
            self._correlated.labels(result).inc(count)
        for incident in committed.opened:
            self._created.labels(incident.severity).inc()
        incidents = {incident.id: incident for incident in committed.incidents}
        for change in committed.changes:
            self._ended(change.kind, incidents[change.incident_id])
        self._noise(committed)

    def sample(self, store: IncidentStore) -> None:
        """Count incidents by status; without Postgres the last count stands."""
        try:
            counts = store.count_by_status()
        except Unavailable:
            return
        for status in IncidentStatus:
            self._by_status.labels(status).set(counts.get(status, 0))

    def _ended(self, kind: ChangeKind, incident: Incident) -> None:
        if incident.merged_into is not None:
            return
        unanswered = kind is ChangeKind.RESOLVED and incident.acknowledged_at is None
        if (kind is ChangeKind.ACKNOWLEDGED or unanswered) and incident.mtta_seconds is not None:
            self._mtta.observe(incident.mtta_seconds)
        if kind is ChangeKind.RESOLVED and incident.mttr_seconds is not None:
            self._mttr.observe(incident.mttr_seconds)

    def _noise(self, committed: Committed) -> None:
        for service, count in Tally(alert.service for alert in committed.new_alerts).items():
            self._by_service.labels(self._name(service)).inc(count)

    def _name(self, service: str) -> str:
        if service in self._named or len(self._named) < NAMED_SERVICES:
            self._named.add(service)
            return service
        return _OTHERS
