"""The emergency stop: undoes everything, and keeps new faults out until somebody releases it."""

from collections.abc import Callable

from incidentops.ports import Clock, FaultJournal
from incidentops.ports.faults import EmergencyStop
from incidentops_backend.use_cases.faults.errors import ChaosStopped

Listener = Callable[[EmergencyStop | None], None]


class Emergency:
    """Lies in the journal of this machine, so that it outlives every restart."""

    def __init__(self, journal: FaultJournal, clock: Clock) -> None:
        self._journal, self._clock = journal, clock
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Hear of each engagement and each release."""
        self._listeners.append(listener)

    def engaged(self) -> EmergencyStop | None:
        return self._journal.stopped()

    def check(self) -> None:
        """Raises ChaosStopped while it is engaged."""
        if stop := self._journal.stopped():
            raise ChaosStopped(stop)

    def engage(self, by: str, why: str) -> EmergencyStop:
        """Once engaged, the first reason stands. Raises Unavailable("spool", …)."""
        stop = self._journal.stopped() or EmergencyStop(self._clock.now(), by, why)
        self._journal.set_stopped(stop)
        self._tell(stop)
        return stop

    def release(self) -> None:
        """Raises Unavailable("spool", …)."""
        self._journal.set_stopped(None)
        self._tell(None)

    def _tell(self, stop: EmergencyStop | None) -> None:
        for listener in self._listeners:
            listener(stop)
