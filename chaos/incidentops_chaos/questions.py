"""Asks all probes of a hypothesis at once, each within its own time."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.experiments.probes import HttpProbe, Probe, PromqlProbe, SqlProbe
from incidentops_chaos.findings import Answer, Finding
from incidentops_chaos.hands import Hands
from incidentops_chaos.http_probe import get, query_prometheus

BROKER, DATABASE, METRICS = "rabbitmq", "postgres", "prometheus"
_AT_ONCE = 8


class Questions:
    """Thread-safe. `targets` are broken on purpose. When the broker is one of them, its silence is the
    experiment's own effect; when what a probe asks is one, that it does not answer is what was to be found out."""

    def __init__(self, hands: Hands, prometheus_url: str, targets: Sequence[str]) -> None:
        self._hands, self._prometheus_url = hands, prometheus_url
        self._targets = frozenset(targets)
        self.broker_is_target = BROKER in targets
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="probe")

    def ask_all(self, probes: Sequence[Probe]) -> list[Finding]:
        return list(self._pool.map(self.ask, probes))

    def ask(self, probe: Probe) -> Finding:
        """Never raises for a probe that cannot be asked: that is a finding, too."""
        began = time.monotonic()
        try:
            answer = self._answer(probe)
        except (IncidentOpsError, TimeoutError) as error:
            if self._asks_a_target(probe):
                return Finding(probe, time.monotonic() - began, Answer(None, str(error)))
            lost = isinstance(error, Unavailable | TimeoutError) and self.broker_is_target
            return Finding(probe, time.monotonic() - began, error=str(error), excused=lost)
        return Finding(probe, time.monotonic() - began, answer)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _asks_a_target(self, probe: Probe) -> bool:
        match probe:
            case SqlProbe():
                return DATABASE in self._targets
            case PromqlProbe():
                return METRICS in self._targets
        return False

    def _answer(self, probe: Probe) -> Answer:
        match probe:
            case HttpProbe():
                return get(probe.url, probe.timeout_seconds)
            case PromqlProbe():
                return query_prometheus(self._prometheus_url, probe.query, probe.timeout_seconds)
        return Answer(self._hands.ask(probe))
