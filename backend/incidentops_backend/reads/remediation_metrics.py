"""Remediation by policy as Prometheus scrapes it: decisions counted, breakers as they stand."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from incidentops.domain.decisions import DecisionKind, DecisionRow
from incidentops.domain.guards import BreakerState, Guard
from incidentops.ports import Clock

_NO_POLICY = ""


class RemediationMetrics(Collector):
    """A collector of breakers; `decided` hears of decisions."""

    def __init__(self, registry: CollectorRegistry, guards: Callable[[], list[Guard]], clock: Clock) -> None:
        self._guards, self._clock = guards, clock
        self._attempts = Counter(
            "incidentops_remediation_attempts",
            "Attempts of automatic recovery that began.",
            ["policy", "remedy"],
            registry=registry,
        )
        self._decisions = Counter(
            "incidentops_remediation_decisions",
            "Decisions by kind, also those to do nothing.",
            ["policy", "kind"],
            registry=registry,
        )
        self._give_ups = Counter(
            "incidentops_remediation_give_ups",
            "Services given up and escalated to people.",
            ["policy"],
            registry=registry,
        )
        registry.register(self)

    def decided(self, row: DecisionRow) -> None:
        policy = row.policy or _NO_POLICY
        self._decisions.labels(policy, row.kind).inc()
        if row.kind is DecisionKind.ACTED:
            self._attempts.labels(policy, row.remedy).inc()
        if row.kind is DecisionKind.ESCALATED:
            self._give_ups.labels(policy).inc()

    def collect(self) -> Iterable[Metric]:
        now = self._clock.now()
        breakers = GaugeMetricFamily(
            "incidentops_remediation_breaker",
            "1 for the state the service's breaker is in, 0 for the others.",
            labels=["service", "state"],
        )
        for guard in self._guards():
            for state in BreakerState:
                breakers.add_metric([guard.service, state], float(guard.breaker(now) is state))
        yield breakers

    def describe(self) -> Iterable[Metric]:
        """Known by what `collect` gives."""
        return ()
