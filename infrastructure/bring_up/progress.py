"""Lines that say what is happening and how long it has taken."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 15.0


class Progress:
    """Prints one line per step, each behind the seconds since the beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, line: str) -> None:
        """Print a line behind the elapsed time."""
        print(f"[{time.monotonic() - self._began:5.1f} s] {line}", flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step, say that it still runs every 15 s, and say when it took longer than a second."""
        self.say(f"{title} …")
        began = time.monotonic()
        done = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(title, done), daemon=True)
        ticker.start()
        try:
            yield
        finally:
            done.set()
            ticker.join()
        took = time.monotonic() - began
        if took >= 1:
            self.say(f"{title}: done in {took:.1f} s")

    def _tick(self, title: str, done: threading.Event) -> None:
        while not done.wait(PATIENCE_SECONDS):
            self.say(f"{title}: still at it")
