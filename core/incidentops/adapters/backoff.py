"""How long to wait before asking again."""

import random


class Backoff:
    """Doubling delays with jitter, so that several backends do not ask in step. Not thread-safe."""

    def __init__(self, first_seconds: float = 0.05, most_seconds: float = 1.0) -> None:
        self._first = first_seconds
        self._most = most_seconds
        self._next = first_seconds

    def reset(self) -> None:
        self._next = self._first

    def delay(self) -> float:
        """The next delay in seconds, between half of its nominal length and all of it."""
        nominal = self._next
        self._next = min(self._most, nominal * 2)
        return nominal * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
