"""What the engine contract needs from a world of containers, and how it watches one."""

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from typing import Protocol

from incidentops.domain.errors import Unavailable
from incidentops.domain.observations import EngineEvent
from incidentops.ports import Engine

PATIENCE_SECONDS = 60.0


class Kind(Enum):
    """How the main process of a container behaves."""

    OBEDIENT = auto()  # ends with 0 when asked
    STUBBORN = auto()  # ignores SIGTERM
    REDIS = auto()  # answers PING on 6379
    SILENT = auto()  # accepts connections on 6379 and never says a word
    CHECKED = auto()  # has a health check, healthy at first
    TERMINAL = auto()  # obedient, on a terminal


class World(Protocol):
    """An engine, and the means to make things happen to its containers."""

    engine: Engine

    def create(self, name: str, kind: Kind = Kind.OBEDIENT, labels: Mapping[str, str] | None = None) -> str:
        """Create, not start, a container; labels default to `incidentops.service=<name>`. Returns its id."""
        ...

    def run(self, name: str, kind: Kind = Kind.OBEDIENT, labels: Mapping[str, str] | None = None) -> str:
        """Create and start a container and wait until it behaves as its kind does."""
        ...

    def die(self, container_id: str, exit_code: int) -> None:
        """Let the main process end by itself."""
        ...

    def say(self, container_id: str, text: str, stream: str = "stdout") -> None:
        """Let the container write a line."""
        ...

    def sicken(self, container_id: str) -> None:
        """Let the health check of a CHECKED container fail from now on."""
        ...

    def remove(self, container_id: str) -> None: ...


def eventually(check: Callable[[], bool], what: str = "", seconds: float = PATIENCE_SECONDS) -> None:
    """Poll until `check` is true. Raises AssertionError with `what` after the deadline."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or check}")
        time.sleep(0.01)


class Watcher:
    """Reads an event stream in a thread of its own and hands events over one by one."""

    def __init__(self, events: Iterator[EngineEvent]) -> None:
        self.outage: Unavailable | None = None
        self._events = events
        self._queue: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def next(self, *container_ids: str) -> EngineEvent:
        """The next event of one of those containers (none given: of any). Raises AssertionError when none
        comes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = self._queue.get(timeout=left)
            except queue.Empty:
                break
            if not container_ids or event.container_id in container_ids:
                return event
        raise AssertionError(f"no further event of {container_ids} within {PATIENCE_SECONDS} s")

    def until(self, container_id: str, action: str) -> list[EngineEvent]:
        """The next events of that container up to and with the first that has this action."""
        seen = [self.next(container_id)]
        while seen[-1].action != action:
            seen.append(self.next(container_id))
        return seen

    def ended(self, seconds: float = PATIENCE_SECONDS) -> bool:
        """Whether the stream has ended within that time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _read(self) -> None:
        try:
            for event in self._events:
                self._queue.put(event)
        except Unavailable as error:
            self.outage = error


@contextmanager
def watching(engine: Engine) -> Iterator[Watcher]:
    """Watch the engine's events while the context lasts."""
    with engine.events() as events:
        watcher = Watcher(events)
        yield watcher
    assert watcher.ended(), "leaving the context did not end the event stream"
