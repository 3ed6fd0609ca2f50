"""What automation remembers of every service, durable before it is believed."""

import threading
from collections.abc import Callable, Iterable

from incidentops.domain.guards import Guard
from incidentops.ports import Clock, Records

GuardListener = Callable[[Guard], None]


class GuardBook:
    """Thread-safe."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records, self._clock = records, clock
        self._lock = threading.Lock()
        self._guards: dict[str, Guard] = {}
        self._listeners: list[GuardListener] = []

    def listen(self, listener: GuardListener) -> None:
        self._listeners.append(listener)

    def of(self, service: str) -> Guard:
        """A fresh one for a service that was never treated."""
        with self._lock:
            return self._guards.get(service) or Guard(service, self._clock.now())

    def all(self) -> list[Guard]:
        """By name of the service."""
        with self._lock:
            return [self._guards[name] for name in sorted(self._guards)]

    def change(self, service: str, change: Callable[[Guard], Guard]) -> Guard:
        """Store what the change makes of the service's guard, then believe it. Raises Unavailable when neither
        Postgres nor the spool takes it: then nothing has changed."""
        with self._lock:
            before = self._guards.get(service) or Guard(service, self._clock.now())
            guard = change(before)
            if guard == before:
                return guard
            self._records.save_guard(guard)
            self._guards[service] = guard
        for listener in self._listeners:
            listener(guard)
        return guard

    def take(self, guards: Iterable[Guard]) -> None:
        """Believe what was remembered before this process began; what it has learned itself since is newer."""
        with self._lock:
            for guard in guards:
                known = self._guards.get(guard.service)
                if known is None or known.at < guard.at:
                    self._guards[guard.service] = guard
