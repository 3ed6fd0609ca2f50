"""A clock that jumps from one thing to do to the next."""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count

Action = Callable[[datetime], None]
"""Hears what time it is."""


class Turn(IntEnum):
    """What comes first of what happens at one instant."""

    SIGNAL = 0
    SETTLE = 1
    STEP = 2
    DUE = 3


class Agenda:
    """What is still to happen, in the order of time; what is added during the run takes its place in it."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, Turn, int, Action]] = []
        self._places = count()

    def add(self, at: datetime, turn: Turn, action: Action) -> None:
        heappush(self._entries, (at, turn, next(self._places), action))

    def run(self, until: datetime) -> None:
        """Do everything before `until`."""
        while self._entries and self._entries[0][0] < until:
            at, _, _, action = heappop(self._entries)
            action(at)
