"""One fault from its first rule to its last: applied, kept alive, undone, and each step told on standard output."""

import json
import threading
import time
from typing import Any

from . import processes, queues, rules, volume
from .delay import Delay
from .plan import Plan
from .proxy import Proxy
from .round_trip import PATIENCE_SECONDS, round_trip_ms
from .snapshot import snapshot
from .throughput import Throughput

_TELLING = threading.Lock()


class Holding:
    """`run` holds until the lease ends or `end` is called, and undoes whatever happens in between."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ended = threading.Event()
        self._volume = volume.MOUNT.is_dir()
        self._delay: Delay | None = None
        self._proxy: Proxy | None = None
        self._throughput: Throughput | None = None

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        """Raises ToolError or OSError when the fault cannot be applied; then nothing of it is left."""
        before = self._round_trip_ms() if self._timed else None
        seen = snapshot(self._plan, volume_mounted=self._volume)
        try:
            self._apply()
            tell("held", snapshot=seen, measured=self._filled())
            threading.Thread(target=self._measure, args=(before,), daemon=True).start()
            self._keep()
        finally:
            self._ended.set()
            hits = rules.counted(self._plan.table) if self._plan.networked else []
            self.undo()
        measured = {**_packets(hits), **self._connections(), **self._sent()}
        tell("undone", snapshot=snapshot(self._plan, volume_mounted=self._volume), measured=measured)

    def undo(self) -> None:
        """Afterwards nothing of the plan is left."""
        plan = self._plan
        if plan.networked:
            rules.remove(plan)
        if self._delay:
            self._delay.stop()
        if self._proxy:
            self._proxy.stop()
        if plan.queue:
            queues.remove()
        if plan.freeze:
            processes.thaw()
        if self._volume:
            volume.empty(plan.table)

    @property
    def _timed(self) -> bool:
        return bool(self._plan.delay_ms or self._plan.proxy_ms or "netem" in self._plan.queue)

    @property
    def _left(self) -> float:
        return self._plan.ends_at - time.time()

    def _apply(self) -> None:
        plan = self._plan
        if plan.delay_ms:
            self._delay = Delay(*plan.delay_ms)
            self._delay.start()
        if plan.proxy_ms:
            self._proxy = Proxy(*plan.proxy_ms)
            self._proxy.start()
        if plan.ruled:
            rules.install(plan, self._left, self._proxy.port if self._proxy else None)
        if plan.queue:
            queues.install(plan.queue)
        if plan.queue and not self._timed:
            self._throughput = Throughput()
        if plan.freeze:
            processes.freeze()
        if plan.fill_percent is not None:
            volume.fill(plan.table, plan.fill_percent)

    def _filled(self) -> dict[str, Any]:
        return {"percent": volume.used_percent()} if self._volume else {}

    def _measure(self, before: float | None) -> None:
        """What a round trip takes now, beside what it took. Long ones must not keep us from renewing the rules."""
        if before is None:
            return
        after = self._round_trip_ms(min(self._left, 20.0))
        if after is not None and not self._ended.is_set():
            tell("measured", measured={"milliseconds": round(after - before, 1)})

    def _round_trip_ms(self, patience_seconds: float = PATIENCE_SECONDS) -> float | None:
        """To the gateway; through the proxy where there is one, and before there is one that takes no time."""
        if self._plan.proxy_ms is None:
            return round_trip_ms(patience_seconds)
        return self._proxy.round_trip_ms(patience_seconds) if self._proxy else 0.0

    def _connections(self) -> dict[str, Any]:
        return {"connections": self._proxy.connections} if self._proxy else {}

    def _sent(self) -> dict[str, Any]:
        return {"kilobits_per_second": self._throughput.kilobits_per_second} if self._throughput else {}

    def _keep(self) -> None:
        """Renew what the kernel forgets, and tick, until the end."""
        pace = self._plan.tick_seconds or rules.BEAT_SECONDS
        while not self._ended.wait(max(0.0, min(pace, self._left))) and self._left > 0:
            if self._plan.tick_seconds:
                tell("tick")
            if self._plan.ruled:
                rules.renew(self._plan, self._left)
            if self._throughput and self._throughput.look():
                tell("measured", measured=self._sent())


def tell(state: str, **facts: Any) -> None:
    """One line for the backend, which follows our output."""
    with _TELLING:
        print(json.dumps({"state": state, **facts}), flush=True)


def _packets(counts: list[int]) -> dict[str, Any]:
    """The first counter of a table sees every packet its rule is about, the last one those that were hit."""
    return {"packets_seen": counts[0], "packets_hit": counts[-1]} if counts else {}
