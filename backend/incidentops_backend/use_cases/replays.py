"""Finds the first action of a repeated write, so that it is answered instead of being done twice."""

from contextlib import suppress
from uuid import UUID

from incidentops.domain.actions import Action
from incidentops.domain.errors import Unavailable
from incidentops.ports import Store
from incidentops_backend.reads.recent_actions import RecentActions


class Replays:
    """Looks in memory first, then in Postgres; while Postgres is away memory is what there is."""

    def __init__(self, recent: RecentActions, store: Store) -> None:
        self._recent, self._store = recent, store

    def find(self, action_id: UUID) -> Action | None:
        """The first action with this id, running or ended."""
        if action := self._recent.find(action_id):
            return action
        with suppress(Unavailable):
            return self._store.action(action_id)
        return None
