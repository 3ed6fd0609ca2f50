"""What Prometheus learns of a service on the bus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from incidentops.adapters.rabbitmq.delivery import Observation
from incidentops.messages.registry import MESSAGE_TYPES


class BusMetrics:
    """Counts deliveries in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._handled = Counter(
            "incidentops_messages_handled",
            "Messages by how they ended.",
            ["queue", "type", "outcome"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "incidentops_message_duration_seconds",
            "Handling of one message.",
            ["queue", "type"],
            registry=self.registry,
        )
        self._connected = Gauge(
            "incidentops_bus_connected", "1 while RabbitMQ is connected.", registry=self.registry
        )

    def watch(self, connected: Callable[[], bool]) -> None:
        """Ask `connected` at every scrape."""
        self._connected.set_function(lambda: float(connected()))

    def observe(self, seen: Observation) -> None:
        """Take in one delivery. A type that nobody knows is not a label of its own: senders could make any
        number of them."""
        message_type = _label(seen.message_type)
        self._handled.labels(seen.queue, message_type, seen.fate.name.lower()).inc()
        self._seconds.labels(seen.queue, message_type).observe(seen.seconds)


def _label(message_type: str | None) -> str:
    if message_type is None:
        return "unreadable"
    return message_type if message_type in MESSAGE_TYPES else "unknown"
