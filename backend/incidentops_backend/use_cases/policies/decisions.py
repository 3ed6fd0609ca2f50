"""Writes the history of decisions: durable, then to everyone who listens."""

import threading
from collections.abc import Callable
from uuid import UUID

import structlog

from incidentops.domain.decisions import DecisionKind, DecisionRow
from incidentops.domain.errors import Unavailable
from incidentops.domain.policies import Remedy
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock, Records

log = structlog.get_logger()

BACKEND = "backend"
DecisionListener = Callable[[DecisionRow], None]


class DecisionLog:
    """A decision that no disk takes is still announced: it has been taken."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records, self._clock = records, clock
        self._lock = threading.Lock()
        self._last = UUID(int=0)
        self._listeners: list[DecisionListener] = []

    def listen(self, listener: DecisionListener) -> None:
        self._listeners.append(listener)

    def note(
        self,
        service: str,
        kind: DecisionKind,
        reason: str,
        *,
        by: str = BACKEND,
        policy: str | None = None,
        remedy: Remedy | None = None,
        run_id: UUID | None = None,
    ) -> DecisionRow:
        """Write one down."""
        now = self._clock.now()
        row = DecisionRow(self._next_id(), now, service, kind, reason, by, policy, remedy, run_id)
        try:
            self._records.save_decision(row)
        except Unavailable as error:
            log.error("decision_not_stored", decision=str(row.id), reason=str(error))
        for listener in self._listeners:
            listener(row)
        return row

    def _next_id(self) -> UUID:
        """Ids rise also within a millisecond: the history is read in their order."""
        with self._lock:
            self._last = max(uuid7(), UUID(int=self._last.int + 1))
            return self._last
