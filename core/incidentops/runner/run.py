"""The life of a service on the bus: settings, logs, status page, commands, and a prompt end."""

import signal
import threading
from collections.abc import Mapping

import structlog

from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.clock import SystemClock
from incidentops.ports import Handler
from incidentops.runner.dispatch import Dispatch
from incidentops.runner.metrics import BusMetrics
from incidentops.runner.status import status_server
from incidentops.settings import ServiceSettings, read_settings
from incidentops.telemetry import configure_logging

log = structlog.get_logger()


def run_service(
    name: str, version: str, handlers: Mapping[str, Handler] | None = None, on_event: Handler | None = None
) -> int:
    """Consume `<name>.commands`, and with `on_event` also `<name>.events`, until SIGTERM or SIGINT; returns
    the exit code. RabbitMQ may be absent."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    settings = read_settings(ServiceSettings)
    configure_logging(name, settings.log_level)
    metrics = BusMetrics()
    bus = RabbitBus(settings.broker_url.get_secret_value(), name, observe=metrics.observe)
    metrics.watch(bus.connected)
    with status_server(settings.metrics_port, metrics.registry, bus.connected) as port:
        bus.subscribe(f"{name}.commands", Dispatch(name, version, handlers or {}, SystemClock()))
        if on_event is not None:
            bus.subscribe(f"{name}.events", on_event)
        log.info("started", version=version, status_port=port)
        stopping.wait()
        bus.close()
    log.info("stopped")
    return 0
