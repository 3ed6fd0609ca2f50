"""What the backend stands on, whether it answers, and since when."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from incidentops.domain.errors import Unavailable
from incidentops.ports import Clock

Check = Callable[[], None]
"""Raises Unavailable when the dependency does not answer."""


class DependencyState(StrEnum):
    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"  # not asked yet


@dataclass(frozen=True, slots=True)
class Dependency:
    """One dependency; `since` is when it came into this state, `detail` why it is down."""

    name: str
    state: DependencyState
    since: datetime
    detail: str | None = None


class Dependencies:
    """Thread-safe. `sample` asks each in turn; listeners hear of every change of state."""

    def __init__(self, checks: Mapping[str, Check], clock: Clock) -> None:
        self._checks = checks
        self._clock = clock
        self._lock = threading.Lock()
        self._listeners: list[Callable[[list[Dependency]], None]] = []
        self._known = {name: Dependency(name, DependencyState.UNKNOWN, clock.now()) for name in checks}

    def listen(self, listener: Callable[[list[Dependency]], None]) -> None:
        self._listeners.append(listener)

    def all(self) -> list[Dependency]:
        with self._lock:
            return list(self._known.values())

    def sample(self) -> None:
        """Ask every dependency once."""
        changes = [self._note(name, *_ask(check)) for name, check in self._checks.items()]
        if any(changes):
            for listener in self._listeners:
                listener(self.all())

    def _note(self, name: str, state: DependencyState, detail: str | None) -> bool:
        with self._lock:
            if self._known[name].state is state:
                return False
            self._known[name] = Dependency(name, state, self._clock.now(), detail)
            return True


def _ask(check: Check) -> tuple[DependencyState, str | None]:
    try:
        check()
    except Unavailable as error:
        return DependencyState.DOWN, error.reason
    return DependencyState.UP, None
