"""The runs of now with their journals, in memory: what pages follow while Postgres itself may be the target."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from uuid import UUID

from incidentops.domain.experiments.runs import Entry, Run

KEPT_ENDED = 20


class LiveRuns:
    """Thread-safe. The last ended ones stay, for whoever reads their report at once."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._runs: OrderedDict[UUID, Run] = OrderedDict()
        self._entries: dict[UUID, dict[int, Entry]] = {}

    def put(self, run: Run) -> None:
        with self._lock:
            self._runs[run.id] = run
            self._entries.setdefault(run.id, {})
            self._forget_old()

    def change(self, run_id: UUID, change: Callable[[Run], Run]) -> Run | None:
        """The run as it is after the change; None for one that is not here."""
        with self._lock:
            run = self._runs.get(run_id)
            if run is None:
                return None
            self._runs[run_id] = changed = change(run)
            return changed

    def note(self, run_id: UUID, entries: Iterable[Entry]) -> None:
        """Lines of its journal; each is kept once."""
        with self._lock:
            lines = self._entries.get(run_id)
            if lines is not None:
                for entry in entries:
                    lines.setdefault(entry.seq, entry)

    def find(self, run_id: UUID) -> Run | None:
        with self._lock:
            return self._runs.get(run_id)

    def entries(self, run_id: UUID) -> list[Entry] | None:
        """The journal in order; None for a run that is not here."""
        with self._lock:
            lines = self._entries.get(run_id)
            return None if lines is None else [entry for _, entry in sorted(lines.items())]

    def open(self) -> list[Run]:
        """Those without a verdict, oldest first."""
        with self._lock:
            return [run for run in self._runs.values() if not run.ended]

    def _forget_old(self) -> None:
        ended = [run.id for run in self._runs.values() if run.ended]
        for run_id in ended[:-KEPT_ENDED]:
            del self._runs[run_id], self._entries[run_id]
