from prometheus_client.exposition import generate_latest

from incidentops.adapters.rabbitmq.delivery import Fate, Observation
from incidentops.runner.metrics import BusMetrics


def page(metrics: BusMetrics) -> str:
    return generate_latest(metrics.registry).decode()


def test_deliveries_are_counted_by_queue_type_and_outcome():
    metrics = BusMetrics()
    for _ in range(2):
        metrics.observe(Observation("worker.commands", "worker.ping", Fate.HANDLED, 0.01))
    labels = 'outcome="handled",queue="worker.commands",type="worker.ping"'
    assert f"incidentops_messages_handled_total{{{labels}}} 2.0" in page(metrics)
    assert "incidentops_message_duration_seconds_count" in page(metrics)


def test_types_that_nobody_knows_share_one_label():
    metrics = BusMetrics()
    for number in "abc":
        metrics.observe(Observation("worker.commands", f"worker.{number}", Fate.DEAD_LETTERED, 0.01))
    metrics.observe(Observation("worker.commands", None, Fate.DEAD_LETTERED, 0.01))
    assert 'type="unknown"} 3.0' in page(metrics)
    assert 'type="unreadable"} 1.0' in page(metrics)


def test_the_connection_is_asked_for_at_every_scrape():
    metrics = BusMetrics()
    state = [True, False]
    metrics.watch(lambda: state.pop(0))
    assert "incidentops_bus_connected 1.0" in page(metrics)
    assert "incidentops_bus_connected 0.0" in page(metrics)
