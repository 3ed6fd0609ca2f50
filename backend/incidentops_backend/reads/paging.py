"""What Prometheus scrapes about paging: the names of seed 003, and our own."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.notification import AttemptOutcome, Kind
from incidentops.ports.escalations import Move
from incidentops.ports.outbox import Finished

_UNSEEN = -1.0


class PagingCounters:
    """Counters and histograms of pages."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._escalations = Counter(
            "escalations", "Steps of escalation policies that were taken.", ["team"], registry=registry
        )
        self._paged = Counter(
            "oncall_notifications_sent", "Pages that a channel confirmed.", ["channel"], registry=registry
        )
        self._sent = Counter(
            "notifications_sent", "Attempts by how they ended.", ["channel", "status"], registry=registry
        )
        self._seconds = Histogram(
            "incidentops_page_delivery_seconds",
            "From a page's decision to its channel's confirmation.",
            registry=registry,
        )

    def moved(self, move: Move) -> None:
        if move.notifications and move.after:
            self._escalations.labels(move.after.team or "").inc()

    def finished(self, bundle: Bundle, results: list[Finished]) -> None:
        channel = bundle.method.channel
        for result in results:
            self._sent.labels(channel, result.outcome).inc()
            page = result.after
            if result.outcome is AttemptOutcome.DELIVERED and page.kind is Kind.PAGE:
                self._paged.labels(channel).inc()
                self._seconds.observe((result.at - page.created_at).total_seconds())


class PagingCollector(Collector):
    """Overdue pages and the last synthetic one, at the moment of the scrape; -1 while nothing is known."""

    def __init__(
        self, overdue: Callable[[], int | None], synthetic_seconds: Callable[[], float | None]
    ) -> None:
        self._overdue, self._synthetic_seconds = overdue, synthetic_seconds

    def collect(self) -> Iterable[Metric]:
        yield _gauge(
            "incidentops_pages_overdue", "Urgent pages that nobody has got in time.", self._overdue()
        )
        yield _gauge(
            "incidentops_synthetic_page_seconds",
            "How long the last synthetic page took.",
            self._synthetic_seconds(),
        )

    def describe(self) -> Iterable[Metric]:
        """Nothing is collected at registration."""
        return ()


def _gauge(name: str, text: str, value: float | None) -> Metric:
    gauge = GaugeMetricFamily(name, text)
    gauge.add_metric([], _UNSEEN if value is None else float(value))
    return gauge
