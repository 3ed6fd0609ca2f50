"""Takes evidence of incidents beside intake and paging, which never wait for it.

The database is the list of what is to be done: what a backend that died has left undone, the next one does.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.evidence import Evidence
from incidentops.domain.incidents import ChangeKind
from incidentops.ports import Clock
from incidentops.ports.evidence import EvidenceStore
from incidentops.ports.incidents import Committed
from incidentops_backend.use_cases.incidents.witness import Witness

log = structlog.get_logger()

YOUNG = timedelta(minutes=30)
"""Of a moment longer ago nothing can be seen any more that would be evidence of it."""

AT_ONCE = 25
_MOMENTS = frozenset({ChangeKind.CREATED, ChangeKind.RESOLVED})


class EvidenceKeeper:
    """`committed` is called by whoever commits, `sweep` about once a second by one thread. Two backends may look at
    the same incident: what is kept first stands."""

    def __init__(
        self,
        store: EvidenceStore,
        witness: Callable[[], Witness],
        clock: Clock,
    ) -> None:
        self._store, self._witness, self._clock = store, witness, clock
        self._listeners: list[Callable[[list[Evidence]], None]] = []
        self._due = threading.Event()
        self._due.set()  # an earlier backend may have left something undone

    def listen(self, listener: Callable[[list[Evidence]], None]) -> None:
        """Be told of what was kept."""
        self._listeners.append(listener)

    def committed(self, committed: Committed) -> None:
        """Something may have opened or been resolved."""
        if any(change.kind in _MOMENTS for change in committed.changes):
            self._due.set()

    def sweep(self) -> None:
        """Take what evidence is lacking, some of it at a time; without Postgres, later."""
        if not self._due.is_set():
            return
        self._due.clear()
        try:
            if self._take() == AT_ONCE:
                self._due.set()
        except Unavailable as error:
            self._due.set()
            log.info("no_evidence_taken", reason=str(error))

    def _take(self) -> int:
        lacking = self._store.lacking(self._clock.now() - YOUNG, limit=AT_ONCE)
        if lacking:
            witness = self._witness()
            taken = [witness.look(item) for item in lacking]
            self._store.keep(taken)
            for listener in self._listeners:
                listener(taken)
        return len(lacking)
