"""Who is connected, who looks at which cards, and who is too slow to keep up."""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

LIMIT_WAITING = 32
"""Packets that may wait for one client; beyond it the client gets the newest state instead of a backlog."""


class Clients:
    """Thread-safe registry of socket ids. `waiting` tells how many packets wait for a client."""

    def __init__(self, waiting: Callable[[str], int]) -> None:
        self._waiting = waiting
        self._lock = threading.Lock()
        self._watching: dict[str, frozenset[str]] = {}
        self._behind: set[str] = set()

    def add(self, sid: str) -> None:
        with self._lock:
            self._watching[sid] = frozenset()

    def remove(self, sid: str) -> None:
        with self._lock:
            self._watching.pop(sid, None)
            self._behind.discard(sid)

    def watch(self, sid: str, services: frozenset[str]) -> None:
        with self._lock:
            if sid in self._watching:
                self._watching[sid] = services

    def __len__(self) -> int:
        return len(self._watching)

    def all(self) -> list[str]:
        with self._lock:
            return list(self._watching)

    def receivers(self) -> list[str]:
        """Clients that keep up. One that does not is passed over until `recovered` names it."""
        with self._lock:
            slow = {sid for sid in self._watching if self._waiting(sid) > LIMIT_WAITING}
            self._behind |= slow
            return [sid for sid in self._watching if sid not in self._behind]

    def recovered(self) -> list[str]:
        """Clients that were passed over and have since drained; each needs a snapshot."""
        with self._lock:
            drained = [sid for sid in self._behind if self._waiting(sid) == 0]
            self._behind.difference_update(drained)
            return drained

    def watched(self) -> frozenset[str]:
        """Every service that somebody looks at."""
        with self._lock:
            return frozenset().union(*self._watching.values())

    def by_watched(self) -> dict[frozenset[str], list[str]]:
        """Clients that keep up, grouped by what they look at, so that each group costs one message."""
        groups: dict[frozenset[str], list[str]] = defaultdict(list)
        with self._lock:
            for sid, services in self._watching.items():
                if services and sid not in self._behind and self._waiting(sid) <= 1:
                    groups[services].append(sid)
        return dict(groups)


Send = Callable[[str, dict[str, Any], list[str]], None]
"""Sends one event with its data to these clients, encoded once; never blocks."""
