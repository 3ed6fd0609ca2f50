"""The life of a service on the bus: settings, logs, status page, commands, and a prompt end."""

from collections.abc import Callable, Mapping

import structlog

from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.clock import SystemClock
from incidentops.endings import hold_endings_back, wait_for_the_end
from incidentops.ports import Bus, Handler
from incidentops.runner.dispatch import Dispatch
from incidentops.runner.metrics import BusMetrics
from incidentops.runner.status import status_server
from incidentops.settings import ServiceSettings, read_settings
from incidentops.telemetry import configure_logging

log = structlog.get_logger()


def _no_handlers(_bus: Bus) -> Mapping[str, Handler]:
    return {}


def run_service(
    name: str,
    version: str,
    handlers: Callable[[Bus], Mapping[str, Handler]] = _no_handlers,
    on_event: Handler | None = None,
    *,
    parallel: int = 1,
) -> int:
    """Consume `<name>.commands`, `parallel` of them at once, and with `on_event` also `<name>.events`, until
    SIGTERM or SIGINT; returns the exit code. RabbitMQ may be absent. `handlers` gets the bus to act on."""
    hold_endings_back()
    settings = read_settings(ServiceSettings)
    configure_logging(name, settings.log_level)
    metrics = BusMetrics()
    bus = RabbitBus(settings.broker_url.get_secret_value(), name, observe=metrics.observe)
    metrics.watch(bus.connected)
    with status_server(settings.metrics_port, metrics.registry, bus.connected) as port:
        dispatch = Dispatch(name, version, handlers(bus), SystemClock())
        for _ in range(parallel):
            bus.subscribe(f"{name}.commands", dispatch, prefetch=16 if parallel == 1 else 1)
        if on_event is not None:
            bus.subscribe(f"{name}.events", on_event)
        log.info("started", version=version, status_port=port)
        wait_for_the_end()
        bus.close()
    log.info("stopped")
    return 0
