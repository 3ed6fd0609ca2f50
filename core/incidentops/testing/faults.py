"""The in-memory twins of the ports of faults, and ready-made faults."""

import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from incidentops.domain.errors import Unavailable
from incidentops.domain.faults import Fault, FaultState
from incidentops.messages.ids import uuid7
from incidentops.ports.faults import EmergencyStop, FaultFilter

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


_MILLISECONDS = itertools.count(int(NOON.timestamp() * 1000))


def a_fault(service: str = "redis", kind: str = "pause", **facts: Any) -> Fault:
    """A fault that alice has requested at noon; each is requested a millisecond after the one before."""
    milliseconds = next(_MILLISECONDS)
    fault = Fault(
        id=uuid7(milliseconds),
        kind=kind,
        service=service,
        container_id="c0ffee",
        started_at_of_target=NOON,
        parameters={},
        mechanism="engine pause",
        lease_seconds=30.0,
        state=FaultState.REQUESTED,
        requested_at=datetime.fromtimestamp(milliseconds / 1000, UTC),
        requested_by="alice",
    )
    return replace(fault, **facts)


class MemoryFaults:
    """Twin of `FaultStore`. `ping` raises while the database is away."""

    def __init__(self, ping: Callable[[], None]) -> None:
        self._ping = ping
        self._lock = threading.Lock()
        self._faults: dict[UUID, Fault] = {}

    def put(self, fault: Fault) -> None:
        with self._lock:
            known = self._faults.get(fault.id)
            if known is None or known.revision < fault.revision:
                self._faults[fault.id] = fault

    def faults(self, where: FaultFilter, *, limit: int = 50, before: UUID | None = None) -> list[Fault]:
        self._ping()
        with self._lock:
            newest = sorted(self._faults.values(), key=_key, reverse=True)
            last = self._faults.get(before) if before else None
        if before and last is None:
            return []
        older = (item for item in newest if last is None or _key(item) < _key(last))
        return [item for item in older if _matches(item, where)][:limit]

    def fault(self, fault_id: UUID) -> Fault | None:
        self._ping()
        return self._faults.get(fault_id)


class MemoryFaultJournal:
    """Twin of `FaultJournal`. While `full` it takes nothing."""

    def __init__(self) -> None:
        self.full = False
        self._faults: dict[UUID, Fault] = {}
        self._stop: EmergencyStop | None = None

    def faults(self) -> list[Fault]:
        return list(self._faults.values())

    def put(self, fault: Fault) -> None:
        self._check()
        self._faults.pop(fault.id, None)
        if not fault.ended:
            self._faults[fault.id] = fault

    def stopped(self) -> EmergencyStop | None:
        return self._stop

    def set_stopped(self, stop: EmergencyStop | None) -> None:
        self._check()
        self._stop = stop

    def _check(self) -> None:
        if self.full:
            raise Unavailable("spool", "No space left on device")


def _key(fault: Fault) -> tuple[datetime, UUID]:
    return fault.requested_at, fault.id


def _matches(fault: Fault, where: FaultFilter) -> bool:
    wanted = (where.service, where.state, where.run_id)
    has = (fault.service, fault.state, fault.run_id)
    return all(want is None or want == value for want, value in zip(wanted, has, strict=True))
