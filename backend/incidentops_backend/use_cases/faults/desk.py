"""Injects, ends and supervises faults: an attendant for each, and somebody who notices when one is missing."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import UUID

import structlog

from incidentops.domain.errors import ContainerGone, EngineRefused, IncidentOpsError, Unavailable
from incidentops.domain.faults import Fault, FaultState
from incidentops.domain.faults.work import Step
from incidentops.domain.observations import EngineEvent
from incidentops.ports import FaultJournal, FaultStore
from incidentops.ports.faults import EmergencyStop
from incidentops_backend.use_cases.faults.attendant import Attendant, Hands
from incidentops_backend.use_cases.faults.emergency import Emergency
from incidentops_backend.use_cases.faults.errors import UnknownFault
from incidentops_backend.use_cases.faults.plans import is_death, step_of
from incidentops_backend.use_cases.faults.request import Preview, Requests, Wanted

log = structlog.get_logger()

INJECT_SECONDS = 3.0
"""How long a request waits for the fault to bite before it is answered with what there is."""
UNDO_SECONDS = 5.0
_BEGINNING = frozenset({FaultState.REQUESTED, FaultState.INJECTING})


class FaultDesk:
    """Thread-safe. Raises what `Requests` raises, ChaosStopped and UnknownFault."""

    def __init__(
        self,
        requests: Requests,
        hands: Hands,
        emergency: Emergency,
        store: FaultStore,
    ) -> None:
        self._requests, self._hands, self._emergency, self._store = requests, hands, emergency, store
        self._engine, self._book = hands.engine, hands.book
        self._attendants: dict[UUID, Attendant] = {}
        self._wanted_ends: dict[UUID, str] = {}
        self._appointing = threading.Lock()
        self._checking = threading.Lock()
        self._changed = threading.Condition()
        self._book.listen(self._wake)

    def inject(self, wanted: Wanted) -> Fault:
        """The fault once it bites, or as far as it is after three seconds. A known id is answered with its fault."""
        with suppress(UnknownFault, Unavailable):
            return self.find(wanted.fault_id)
        with self._checking:
            self._emergency.check()
            fault = self._book.open(self._requests.fault(wanted))
            attendant = self._appoint(fault)
        self._begin(attendant, attendant.run)
        return self._wait(fault.id, lambda fault: fault.state not in _BEGINNING, INJECT_SECONDS)

    def preview(self, wanted: Wanted) -> Preview:
        """The same checks, and nothing done."""
        self._emergency.check()
        return self._requests.preview(wanted)

    def undo(self, fault_id: UUID, reason: str) -> Fault:
        """The fault after its undo, or as far as that is after five seconds."""
        fault = self.find(fault_id)
        if fault.ended:
            return fault
        self._end(fault, reason)
        return self._wait(fault_id, lambda fault: fault.ended, UNDO_SECONDS)

    def find(self, fault_id: UUID) -> Fault:
        """Raises UnknownFault, and Unavailable when only Postgres could know it."""
        fault = self._book.active.find(fault_id) or self._store.fault(fault_id)
        if fault is None:
            raise UnknownFault(f"There is no fault {fault_id}.")
        return fault

    def stop_all(self, by: str, why: str) -> EmergencyStop:
        """Engage the emergency stop, then end every fault. Returns once all have ended, or after five seconds."""
        stop = self._emergency.engage(by, why)
        with self._checking:  # whoever was let in before is in the book now
            faults = self._book.active.all()
        for fault in faults:
            self._end(fault, f"emergency stop: {why}")
        deadline = time.monotonic() + UNDO_SECONDS
        for fault in faults:
            self._wait(fault.id, lambda fault: fault.ended, deadline - time.monotonic())
        return stop

    # -- what happens meanwhile ---------------------------------------------------------------------------

    def recall(self, journal: FaultJournal) -> None:
        """Learn of the faults of earlier backends, from the journal of this machine."""
        for fault in journal.faults():
            self._book.recall(fault)

    def reap(self) -> None:
        """Learn of the faults that only their sidecars still know. Raises Unavailable."""
        for sidecar, fault in self._engine.sidecars():
            known = self._book.active.find(fault.id)
            if known is None:
                self._book.recall(fault)
            elif known.ended:
                self._engine.remove(sidecar)

    def supervise(self) -> None:
        """Find an attendant for every fault that has none, and end what has outlived its lease."""
        if self._orphans():
            self._take_over()
        for attendant in list(self._attendants.values()):
            if attendant.deaf and attendant.fault.state is not FaultState.UNDOING:
                self._remove_deaf(attendant)

    def heard(self, event: EngineEvent) -> None:
        """A target that died, or came back to life, ends what it had."""
        for fault in self._book.active.biting(event.container_id):
            reason = _ended_by(fault, event)
            if reason:
                threading.Thread(target=self._end, args=(fault, reason), daemon=True).start()

    # -- inside ------------------------------------------------------------------------------------------

    def _end(self, fault: Fault, reason: str) -> None:
        try:
            if attendant := self._attendant_of(fault, reason):
                attendant.end(reason)
        except (ContainerGone, EngineRefused):
            return  # its sidecar was faster
        except Unavailable as error:
            log.warning("fault_not_ended_yet", fault=str(fault.id), reason=str(error))

    def _attendant_of(self, fault: Fault, reason: str) -> Attendant | None:
        """Who is to end it. Somebody who is yet to be appointed, as after a start of the backend, is told then."""
        with self._appointing:
            attendant = self._attendants.get(fault.id)
            if attendant is None and not self.find(fault.id).ended:
                self._wanted_ends[fault.id] = reason
            return attendant

    def _remove_deaf(self, attendant: Attendant) -> None:
        with suppress(IncidentOpsError):
            attendant.remove_sidecar()

    def _orphans(self) -> list[Fault]:
        return [fault for fault in self._book.active.all() if fault.id not in self._attendants]

    def _take_over(self) -> None:
        try:
            sidecars = {fault.id: sidecar for sidecar, fault in self._engine.sidecars()}
        except IncidentOpsError:
            return  # the next round asks again
        with self._checking:  # nobody is appointed meanwhile
            orphans = [self._appoint(fault) for fault in self._orphans()]
        for attendant in orphans:
            self._begin(attendant, partial(attendant.take_over, sidecars.get(attendant.fault.id)))

    def _appoint(self, fault: Fault) -> Attendant:
        """The one attendant of a fault; called by who holds `_checking`."""
        with self._appointing:
            ending = self._wanted_ends.pop(fault.id, None)
            attendant = self._attendants[fault.id] = Attendant(fault, self._hands, ending)
            return attendant

    def _begin(self, attendant: Attendant, work: Callable[[], None]) -> None:
        """Let the attendant work in a thread of its own."""
        fault_id = attendant.fault.id

        def attend() -> None:
            try:
                work()
            except IncidentOpsError as error:
                log.warning("fault_left_alone", fault=str(fault_id), reason=str(error))
            finally:
                del self._attendants[fault_id]

        threading.Thread(target=attend, name=f"fault-{fault_id}", daemon=True).start()

    def _wait(self, fault_id: UUID, settled: Callable[[Fault], bool], seconds: float) -> Fault:
        with self._changed:
            self._changed.wait_for(lambda: settled(self.find(fault_id)), max(seconds, 0))
        return self.find(fault_id)

    def _wake(self, _: Fault) -> None:
        with self._changed:
            self._changed.notify_all()


def _ended_by(fault: Fault, event: EngineEvent) -> str | None:
    """Why this event ends this fault; None when it does not, as those that the fault itself causes."""
    if fault.plan.get("every"):
        return None
    if is_death(fault):
        return "the target was started by somebody else" if event.action == "start" else None
    if event.action == "die":
        return "the target ended"
    if event.action == "unpause" and step_of(fault, "undo") is Step.UNPAUSE:
        return "the target was resumed by somebody else"
    return None
