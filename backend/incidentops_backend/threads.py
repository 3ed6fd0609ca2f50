"""The backend's own threads: named, started together, stopped together, and never dead in silence."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger()

Work = Callable[[], object]


class Threads:
    """Daemon threads with one shared stop signal."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def run(self, name: str, work: Work) -> None:
        """Run `work` once in a thread of its own; it ends by itself when told to stop."""
        thread = threading.Thread(target=self._guarded, args=(name, work), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def every(self, seconds: float, name: str, work: Work) -> None:
        """Run `work` at once and then at this interval until stopped. An error is logged, never fatal."""
        self.run(name, lambda: self._repeat(seconds, name, work))

    def stop(self, timeout_seconds: float) -> None:
        """Signal every thread and wait for them, all together at most this long."""
        self.stopping.set()
        share = timeout_seconds / max(1, len(self._threads))
        for thread in self._threads:
            thread.join(share)

    def _repeat(self, seconds: float, name: str, work: Work) -> None:
        while not self.stopping.is_set():
            self._guarded(name, work)
            self.stopping.wait(seconds)

    def _guarded(self, name: str, work: Work) -> None:
        try:
            work()
        except Exception:
            log.exception("thread_failed", thread=name)
