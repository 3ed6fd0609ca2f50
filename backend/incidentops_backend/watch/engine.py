"""Feeds the live view from the engine: subscribe, then list, then follow; on every reconnect again.

The engine keeps too few events to replay (ANCHORS 1), so nothing is ever asked for `since`.
"""

import queue
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import structlog

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.observations import EngineEvent
from incidentops.domain.services import ServiceState
from incidentops.ports import Engine
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.read_back import read_back

log = structlog.get_logger()

FIRST_BACKOFF_SECONDS = 0.2
LONGEST_BACKOFF_SECONDS = 2.0
LAST_LOG_LINES = 10
RESYNC_ATTEMPTS = 3

TELL_TOO_LITTLE = frozenset({"create", "start", "die", "rename", "update"})
"""Events after which a container is inspected: the others say all there is to know, or nothing new."""

BURST_SECONDS = 0.02
"""A death comes with two to four events, and with the answer somebody waits for: its inspect follows them."""

EventListener = Callable[[EngineEvent], None]


class EngineWatcher:
    """`run` follows the event stream in one thread, `run_refresher` inspects what it touched in another."""

    def __init__(self, engine: Engine, view: LiveView) -> None:
        self._engine = engine
        self._view = view
        self._stopped = threading.Event()
        self._touched: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listeners: list[EventListener] = []
        self._connect_listeners: list[Callable[[], None]] = []
        self._close_stream: Callable[[], object] = lambda: None

    def listen(self, listener: EventListener) -> None:
        """Hear of every event, after the view has taken it in."""
        self._listeners.append(listener)

    def on_connect(self, listener: Callable[[], None]) -> None:
        """Hear of every (re)connect, after the view holds the whole truth."""
        self._connect_listeners.append(listener)

    def run(self) -> None:
        """Follow the engine until `stop`, across every loss of it."""
        for backoff in self._backoffs():
            try:
                self._follow(backoff)
            except Unavailable as error:
                self._view.engine_lost()
                log.warning("engine_lost", reason=error.reason)

    def run_refresher(self) -> None:
        """Inspect containers that events touched, newest state first known by the event itself."""
        while not self._stopped.is_set():
            first = self._touched.get()
            self._stopped.wait(BURST_SECONDS)
            for container_id in {first, *self._touched_meanwhile()}:
                with suppress(Unavailable):
                    self._refresh(container_id)

    def resync(self) -> None:
        """Read everything again; only heals gaps. Keeps quiet while the engine is away, and gives up while events
        keep coming: then there are no gaps."""
        with suppress(IncidentOpsError):
            for _ in range(RESYNC_ATTEMPTS):
                seen = self._view.events
                if self._view.replace_all(self._engine.list(), seen):
                    return

    def stop(self) -> None:
        self._stopped.set()
        self._close_stream()
        self._touched.put("")  # no container: it only wakes the refresher

    def _backoffs(self) -> Iterator["_Backoff"]:
        backoff = _Backoff()
        while not self._stopped.is_set():
            yield backoff
            self._stopped.wait(backoff.next_delay())

    def _follow(self, backoff: "_Backoff") -> None:
        with ExitStack() as stack:
            events = stack.enter_context(self._engine.events())
            self._close_stream = stack.close
            self._view.replace_all(self._engine.list())
            backoff.reset()
            log.info("engine_followed", services=len(self._view.services()))
            for connected in self._connect_listeners:
                connected()
            for event in events:
                if self._stopped.is_set():
                    return
                self._take(event)

    def _take(self, event: EngineEvent) -> None:
        self._view.apply(event)
        if event.action == "destroy":
            self._view.remove(event.container_id)
        elif event.action in TELL_TOO_LITTLE:
            self._touched.put(event.container_id)
        for listener in self._listeners:
            listener(event)

    def _touched_meanwhile(self) -> Iterator[str]:
        with suppress(queue.Empty):
            while True:
                yield self._touched.get_nowait()

    def _refresh(self, container_id: str) -> None:
        read_back(self._engine, self._view, container_id)
        if self._looping(container_id):
            self._view.set_last_log(container_id, self._last_lines(container_id))

    def _looping(self, container_id: str) -> bool:
        service = self._view.service_of(container_id)
        return service is not None and service.state is ServiceState.CRASH_LOOP

    def _last_lines(self, container_id: str) -> tuple[str, ...]:
        try:
            with self._engine.logs(container_id, tail=LAST_LOG_LINES) as lines:
                return tuple(line.text for line in lines)
        except IncidentOpsError as error:
            return (f"log not readable: {error}",)


class _Backoff:
    """Doubles with jitter up to the longest delay."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._delay = FIRST_BACKOFF_SECONDS

    def next_delay(self) -> float:
        delay = self._delay * random.uniform(0.7, 1.3)  # noqa: S311  # jitter, not a secret
        self._delay = min(self._delay * 2, LONGEST_BACKOFF_SECONDS)
        return delay
