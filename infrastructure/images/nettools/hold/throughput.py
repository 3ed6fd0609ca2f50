"""How fast the target sends through our queueing discipline: its fastest second."""

import time

from . import queues

_SHORTEST_SECONDS = 0.5
"""A shorter while says little: a burst passes at once."""
_NEWS = 1.1


class Throughput:
    """Counts from the moment it is made. Raises ToolError."""

    def __init__(self) -> None:
        self._bytes, self._at = queues.sent_bytes(), time.monotonic()
        self._most = self._told = 0.0

    @property
    def kilobits_per_second(self) -> float:
        return round(self._most, 1)

    def look(self) -> bool:
        """Whether it was distinctly faster since the last look than ever before."""
        now, sent = time.monotonic(), queues.sent_bytes()
        if now - self._at < _SHORTEST_SECONDS:
            return False
        rate = (sent - self._bytes) * 8 / 1000 / (now - self._at)
        self._bytes, self._at, self._most = sent, now, max(self._most, rate)
        if self._most <= self._told * _NEWS:
            return False
        self._told = self._most
        return True
