"""One container's log, read once for everybody who looks at it."""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

import structlog

from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.observations import LogLine
from incidentops.ports import Engine
from incidentops_backend.live.lines import LONGEST_TEXT, Line

log = structlog.get_logger()

READ_AGAIN_LINES = 1000
READ_AGAIN_SECONDS = 0.5


class LogTail:
    """Follows one container over its restarts; each run's stream is read by a thread of its own, which calls
    `deliver` with every new line."""

    def __init__(self, engine: Engine, container: Container, deliver: Callable[[Line], None]) -> None:
        self._engine, self._deliver = engine, deliver
        self._container = container
        self._run: datetime | None = None
        self._begun_at = 0.0
        self._seen_until: datetime | None = None
        self._reading = False
        self._cut_off = False
        self._closed = threading.Event()
        self._close_stream: Callable[[], object] = lambda: None

    def read(self, tail: int) -> None:
        """Begin with the last `tail` lines, whether the container runs or not."""
        self._begin(tail, None)

    def keep_up(self, container: Container) -> None:
        """Read on once the container has started anew, or the engine is back. Cheap while it is read."""
        self._container = container
        if self._reading or self._closed.is_set():
            return
        more_to_read = container.running or self._cut_off or container.started_at != self._run
        if more_to_read and time.monotonic() - self._begun_at >= READ_AGAIN_SECONDS:
            self._begin(READ_AGAIN_LINES, self._seen_until)

    def close(self) -> None:
        """End the stream at once. From any thread."""
        self._closed.set()
        self._close_stream()

    def _begin(self, tail: int, after: datetime | None) -> None:
        """Read in a thread; of what is already known (up to `after`) nothing is delivered again."""
        self._reading, self._cut_off = True, False
        self._run, self._begun_at = self._container.started_at, time.monotonic()
        name = f"log-{self._container.short_id}"
        threading.Thread(target=self._follow, args=(tail, after), name=name, daemon=True).start()

    def _follow(self, tail: int, after: datetime | None) -> None:
        try:
            with ExitStack() as stack:
                lines = stack.enter_context(self._engine.logs(self._container.id, tail=tail, follow=True))
                self._close_stream = stack.close
                for line in lines:
                    if self._closed.is_set():
                        return
                    if after is None or line.at > after:
                        self._take(line)
        except IncidentOpsError as error:
            self._cut_off = isinstance(error, Unavailable)
            log.debug("log_not_followed", container=self._container.short_id, reason=str(error))
        finally:
            self._reading = False

    def _take(self, line: LogLine) -> None:
        self._seen_until = max(self._seen_until or line.at, line.at)
        text = line.text if len(line.text) <= LONGEST_TEXT else line.text[:LONGEST_TEXT] + " … (cut)"
        self._deliver(Line(line.at, line.stream, text, self._container.short_id))
