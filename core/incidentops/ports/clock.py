"""Time as everything sees it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time that tests can move."""

    def now(self) -> datetime:
        """The wall clock, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds of a clock that never goes back."""
        ...
