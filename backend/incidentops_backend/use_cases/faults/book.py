"""Writes down every state of every fault: first where it must not be lost, then to everyone who listens."""

from collections.abc import Callable

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.faults import Fault
from incidentops.ports import FaultJournal, Records
from incidentops_backend.reads.active_faults import ActiveFaults

log = structlog.get_logger()

FaultListener = Callable[[Fault], None]


class FaultBook:
    """The one writer of faults."""

    def __init__(self, journal: FaultJournal, records: Records, active: ActiveFaults) -> None:
        self._journal, self._records, self.active = journal, records, active
        self._listeners: list[FaultListener] = []

    def listen(self, listener: FaultListener) -> None:
        """Hear of every fault in every state it takes, in order."""
        self._listeners.append(listener)

    def open(self, fault: Fault) -> Fault:
        """A fault that is about to begin. Raises Unavailable("spool", …) when it could be forgotten: then nothing
        may be done."""
        self._journal.put(fault)
        self._records.save_fault(fault)
        return self._tell(fault)

    def put(self, fault: Fault) -> Fault:
        """Its next state. What happened has happened: when no disk takes it, it is still shown, and whoever reads
        the earlier state will undo the fault again."""
        try:
            self._journal.put(fault)
            self._records.save_fault(fault)
        except Unavailable as error:
            log.error("fault_not_stored", fault=str(fault.id), state=fault.state, reason=str(error))
        return self._tell(fault)

    def recall(self, fault: Fault) -> Fault:
        """A fault of an earlier backend."""
        return self._tell(fault)

    def _tell(self, fault: Fault) -> Fault:
        self.active.put(fault)
        for listener in self._listeners:
            listener(fault)
        return fault
