"""The newest lines of every card's log, in memory, so that cards work while Postgres is away."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from incidentops.domain.actions import Action, Outcome

KEPT_PER_SERVICE = 50


class RecentActions:
    """Thread-safe. One entry per action; its outcome replaces its intent in place."""

    def __init__(self, kept: int = KEPT_PER_SERVICE) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._by_service: dict[str, OrderedDict[UUID, Action]] = {}

    def put(self, action: Action) -> None:
        with self._lock:
            self._put(action)

    def seed(self, actions: Iterable[Action]) -> list[Action]:
        """Merge stored rows (oldest first) with those already here; an outcome known here stands. Returns
        what was new."""
        with self._lock:
            known = {item.id: item for items in self._by_service.values() for item in items.values()}
            fresh = [item for item in actions if item.id not in known]
            merged = sorted([*known.values(), *fresh], key=lambda item: item.started_at)
            self._by_service.clear()
            for action in merged:
                self._put(action)
            return fresh

    def all(self) -> dict[str, list[Action]]:
        """Actions by service, oldest first."""
        with self._lock:
            return {service: list(items.values()) for service, items in self._by_service.items()}

    def find(self, action_id: UUID) -> Action | None:
        with self._lock:
            found = (items.get(action_id) for items in self._by_service.values())
            return next((action for action in found if action), None)

    def running(self) -> list[Action]:
        """Intents without an outcome."""
        with self._lock:
            entries = (item for items in self._by_service.values() for item in items.values())
            return [item for item in entries if item.outcome is Outcome.RUNNING]

    def _put(self, action: Action) -> None:
        items = self._by_service.setdefault(action.service, OrderedDict())
        items[action.id] = action
        while len(items) > self._kept:
            items.popitem(last=False)
