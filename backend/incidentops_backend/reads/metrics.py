"""What Prometheus scrapes: live state as gauges at the moment of the scrape, happenings as counters."""

from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from incidentops.domain.actions import Action, Outcome
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.observations import EngineEvent, Usage
from incidentops.ports import Engine
from incidentops_backend.reads.dependencies import Dependencies, DependencyState
from incidentops_backend.reads.system import SystemReader
from incidentops_backend.reads.view import LiveView

_UNSEEN = -1.0


class Happenings:
    """Counters and histograms of what the backend did and saw."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._actions = Counter(
            "incidentops_actions",
            "Actions by how they ended.",
            ["verb", "source", "outcome"],
            registry=registry,
        )
        self._durations = Histogram(
            "incidentops_action_duration_seconds", "From intent to outcome.", ["verb"], registry=registry
        )
        self._events = Counter(
            "incidentops_engine_events", "Events the engine sent.", ["action"], registry=registry
        )
        self.deltas = Counter(
            "incidentops_live_deltas", "Deltas sent to connected clients.", registry=registry
        )

    def action(self, action: Action) -> None:
        if action.outcome is Outcome.RUNNING:
            return
        self._actions.labels(action.verb, action.source, action.outcome).inc()
        if action.duration_ms is not None:
            self._durations.labels(action.verb).observe(action.duration_ms / 1000)

    def event(self, event: EngineEvent) -> None:
        self._events.labels(event.action.partition(":")[0]).inc()


class StateCollector(Collector):
    """Reads view, host and containers when Prometheus asks. `clients` and `backlog` count sockets and
    records that wait for Postgres."""

    def __init__(
        self,
        *,
        view: LiveView,
        engine: Engine,
        system: SystemReader,
        dependencies: Dependencies,
        clients: Callable[[], int],
        backlog: Callable[[], int],
    ) -> None:
        self._view, self._engine, self._system, self._dependencies = view, engine, system, dependencies
        self._clients, self._backlog = clients, backlog

    def collect(self) -> Iterable[Metric]:
        yield from self._services()
        yield from self._containers()
        yield from self._host()
        yield from self._own()

    def describe(self) -> Iterable[Metric]:
        """Nothing is collected at registration: the engine may be away then."""
        return ()

    def _services(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "incidentops_service_up", "1 when the service is UP, 0 when DOWN.", labels=["service", "group"]
        )
        for service in self._view.services():
            up.add_metric([service.name, service.group], float(service.up))
        yield up

    def _containers(self) -> Iterator[Metric]:
        cpu = CounterMetricFamily(
            "incidentops_container_cpu_seconds", "CPU time used.", labels=["service", "container"]
        )
        memory = GaugeMetricFamily(
            "incidentops_container_memory_bytes", "Memory in use.", labels=["service", "container"]
        )
        for service, container, usage in self._usage():
            cpu.add_metric([service, container], usage.cpu_seconds)
            memory.add_metric([service, container], float(usage.memory_bytes))
        yield from (cpu, memory)

    def _usage(self) -> list[tuple[str, str, Usage]]:
        named = [
            (service.name, container)
            for service in self._view.services()
            for container in self._view.containers(service.name)
            if container.running
        ]
        try:
            usage = self._engine.usage([container for _, container in named])
        except IncidentOpsError:
            return []
        return [(name, item.name, usage[item.id]) for name, item in named if item.id in usage]

    def _host(self) -> Iterator[Metric]:
        reading = self._system.reading
        values = {
            "incidentops_host_cpu_units": ("Processors of the host.", reading.cpu_units),
            "incidentops_host_cpu_free_ratio": (
                "Idle share of the host's CPU.",
                reading.cpu_free_percent / 100,
            ),
            "incidentops_host_memory_total_bytes": ("Memory of the host.", reading.ram_total),
            "incidentops_host_memory_free_bytes": ("Memory that can still be used.", reading.ram_free),
            "incidentops_host_disk_total_bytes": ("Size of the host's disk.", reading.disk_total),
            "incidentops_host_disk_free_bytes": ("Free space on the host's disk.", reading.disk_free),
        }
        for name, (text, value) in values.items():
            yield GaugeMetricFamily(name, text, value=value)

    def _own(self) -> Iterator[Metric]:
        age = self._view.age_seconds
        yield GaugeMetricFamily(
            "incidentops_view_age_seconds",
            "Age of the live view; 0 while the engine answers, -1 before its first answer.",
            value=_UNSEEN if age is None else age,
        )
        yield GaugeMetricFamily("incidentops_socket_clients", "Connected panels.", value=self._clients())
        yield GaugeMetricFamily(
            "incidentops_spool_backlog_records",
            "Accepted records that wait for Postgres.",
            value=self._backlog(),
        )
        up = GaugeMetricFamily(
            "incidentops_dependency_up", "1 when the dependency answers.", labels=["dependency"]
        )
        for dependency in self._dependencies.all():
            up.add_metric([dependency.name], float(dependency.state is DependencyState.UP))
        yield up
