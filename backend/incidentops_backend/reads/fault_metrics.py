"""What Prometheus scrapes about faults."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from incidentops.domain.faults import Fault, FaultState
from incidentops_backend.reads.active_faults import ActiveFaults

_UNDO_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 16)
OVERRUN_SECONDS = 5.0
"""An undo later than this after the end of the lease breaks the promise."""


class FaultMetrics:
    """Counts what happens to faults; `stopped` says whether the emergency stop is engaged."""

    def __init__(
        self, registry: CollectorRegistry, active: ActiveFaults, stopped: Callable[[], object | None]
    ) -> None:
        self._injected = Counter(
            "incidentops_faults_injected", "Faults that became active.", ["kind"], registry=registry
        )
        self._ended = Counter(
            "incidentops_faults_undone",
            "Faults that ended, by what was left of them.",
            ["kind", "result"],
            registry=registry,
        )
        self._latency = Histogram(
            "incidentops_fault_undo_seconds",
            "From the end of the lease to the verified undo.",
            ["kind"],
            buckets=_UNDO_BUCKETS,
            registry=registry,
        )
        self._overruns = Counter(
            "incidentops_fault_lease_overruns",
            "Faults that were there longer than their lease and five seconds.",
            registry=registry,
        )
        self._alive: set[UUID] = set()
        registry.register(_Gauges(active, stopped))

    def fault(self, fault: Fault) -> None:
        """One state of one fault, in order."""
        if fault.state is FaultState.ACTIVE and fault.id not in self._alive:
            self._alive.add(fault.id)
            self._injected.labels(fault.kind).inc()
        if fault.ended:
            self._alive.discard(fault.id)
            self._end(fault)

    def _end(self, fault: Fault) -> None:
        result = "failed" if fault.state is FaultState.FAILED else "clean"
        self._ended.labels(fault.kind, result).inc()
        if fault.undone_at is None or fault.ends_at is None:
            return
        late = (fault.undone_at - fault.ends_at).total_seconds()
        if late >= 0:
            self._latency.labels(fault.kind).observe(late)
        if late > OVERRUN_SECONDS:
            self._overruns.inc()


class _Gauges(Collector):
    """Read when Prometheus asks."""

    def __init__(self, active: ActiveFaults, stopped: Callable[[], object | None]) -> None:
        self._active, self._stopped = active, stopped

    def collect(self) -> Iterable[Metric]:
        faults = GaugeMetricFamily(
            "incidentops_faults_active", "Faults that have not ended.", labels=["kind"]
        )
        for kind, number in Tally(fault.kind for fault in self._active.all()).items():
            faults.add_metric([kind], number)
        yield faults
        yield GaugeMetricFamily(
            "incidentops_chaos_stopped", "1 while the emergency stop is engaged.", value=bool(self._stopped())
        )

    def describe(self) -> Iterable[Metric]:
        """Nothing is collected at registration."""
        return ()
