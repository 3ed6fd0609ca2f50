"""Resource use of the cards that somebody looks at, once a second, newest only."""

from collections.abc import Iterable

import structlog

from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.observations import Usage
from incidentops.ports import Clock, Engine
from incidentops_backend.live.clients import Clients, Send
from incidentops_backend.reads.view import LiveView
from incidentops_backend.schemas import StatsOut, UsageOut

log = structlog.get_logger()


class StatsSampler:
    """`sample` is called once a second by one thread. Costs nothing while nobody looks."""

    def __init__(self, engine: Engine, view: LiveView, clients: Clients, send: Send, clock: Clock) -> None:
        self._engine, self._view, self._clients = engine, view, clients
        self._send, self._clock = send, clock
        self._last: dict[str, Usage] = {}
        self.newest: dict[str, UsageOut] = {}

    def sample(self, also: Iterable[str] = ()) -> None:
        """Read the watched services and send each group of clients what it looks at; `also` names services
        that are read without being watched (for metrics)."""
        names = self._clients.watched() | frozenset(also)
        self.newest = self._read(names) if names else {}
        at = self._clock.now()
        for watched, sids in self._clients.by_watched().items():
            services = {name: usage for name, usage in self.newest.items() if name in watched}
            self._send("stats", StatsOut(at=at, services=services).model_dump(mode="json"), sids)

    def _read(self, names: frozenset[str]) -> dict[str, UsageOut]:
        containers = {name: self._view.containers(name) for name in names}
        everything = [container for group in containers.values() for container in group if container.running]
        try:
            now = self._engine.usage(everything)
        except IncidentOpsError as error:
            log.warning("usage_not_read", reason=str(error))
            return {}
        before, self._last = self._last, now
        return {name: total for name, group in containers.items() if (total := _total(group, before, now))}


def _total(group: list[Container], before: dict[str, Usage], now: dict[str, Usage]) -> UsageOut | None:
    """The use of all containers of a service together; None while none runs."""
    samples = [(before.get(item.id), now[item.id]) for item in group if item.id in now]
    if not samples:
        return None
    rates = [_rates(old, new) for old, new in samples]
    news = [new for _, new in samples]
    return UsageOut(
        cpu_percent=round(sum(rate[0] for rate in rates), 2),
        memory_bytes=sum(item.memory_bytes for item in news),
        memory_limit_bytes=sum(item.memory_limit for item in news),
        net_rx_bytes=sum(item.net_rx_bytes for item in news),
        net_tx_bytes=sum(item.net_tx_bytes for item in news),
        net_rx_rate=round(sum(rate[1] for rate in rates), 1),
        net_tx_rate=round(sum(rate[2] for rate in rates), 1),
        block_read_bytes=sum(item.block_read_bytes for item in news),
        block_write_bytes=sum(item.block_write_bytes for item in news),
    )


def _rates(old: Usage | None, new: Usage) -> tuple[float, float, float]:
    """CPU in percent of one core, network in and out in bytes per second; counters that fell (a restart)
    count as zero."""
    if old is None or new.at <= old.at:
        return (0.0, 0.0, 0.0)
    seconds = new.at - old.at
    cpu = max(0.0, new.cpu_seconds - old.cpu_seconds) / seconds * 100
    received = max(0, new.net_rx_bytes - old.net_rx_bytes) / seconds
    sent = max(0, new.net_tx_bytes - old.net_tx_bytes) / seconds
    return (cpu, received, sent)
