"""The faults of now, in memory: what pages mark, what remediation heeds, what a new fault may conflict with."""

import threading
from collections import OrderedDict
from uuid import UUID

from incidentops.domain.faults import Fault, FaultState

KEPT_ENDED = 200


class ActiveFaults:
    """Thread-safe. The last ended ones stay, so that whoever asks by id is answered without Postgres."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: dict[UUID, Fault] = {}
        self._ended: OrderedDict[UUID, Fault] = OrderedDict()

    def put(self, fault: Fault) -> None:
        with self._lock:
            self._active.pop(fault.id, None)
            if not fault.ended:
                self._active[fault.id] = fault
                return
            self._ended[fault.id] = fault
            while len(self._ended) > KEPT_ENDED:
                self._ended.popitem(last=False)

    def find(self, fault_id: UUID) -> Fault | None:
        with self._lock:
            return self._active.get(fault_id) or self._ended.get(fault_id)

    def all(self) -> list[Fault]:
        """Those that have not ended, oldest first."""
        with self._lock:
            return sorted(self._active.values(), key=lambda fault: fault.id)

    def of_run(self, run_id: UUID) -> list[Fault]:
        """Those of an experiment's run, the last ended ones included."""
        with self._lock:
            return [
                fault for fault in (*self._ended.values(), *self._active.values()) if fault.run_id == run_id
            ]

    def on(self, service: str) -> list[Fault]:
        """Those of one service that may hurt it now or in a moment."""
        return [fault for fault in self.all() if fault.service == service]

    def biting(self, container_id: str) -> list[Fault]:
        """Those that are active on one container."""
        return [
            fault
            for fault in self.all()
            if fault.container_id == container_id and fault.state is FaultState.ACTIVE
        ]
