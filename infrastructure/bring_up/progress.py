"""Lines that say what is happening and how long it has taken."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Progress:
    """Prints one line per step, each with the seconds since the beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def say(self, line: str) -> None:
        """Print a line behind the elapsed time."""
        print(f"[{time.monotonic() - self._began:5.1f} s] {line}", flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step and, when it took longer than a second, its end."""
        self.say(f"{title} …")
        began = time.monotonic()
        yield
        took = time.monotonic() - began
        if took >= 1:
            self.say(f"{title}: done in {took:.1f} s")
