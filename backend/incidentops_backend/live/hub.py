"""Collects changes and sends them as one delta per beat, to every connected client at once.

A change is sent at once when the last delta is older than a beat, else at the next beat: a single event
reaches clients in a few milliseconds, a storm costs one message per beat (ANCHORS 1).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from incidentops.domain.actions import Action
from incidentops.domain.faults import Fault
from incidentops.ports import Clock
from incidentops_backend.reads.active_faults import ActiveFaults
from incidentops_backend.reads.dependencies import Dependencies, Dependency
from incidentops_backend.reads.recent_actions import RecentActions
from incidentops_backend.reads.system import SystemReader, SystemReading
from incidentops_backend.reads.view import Change, LiveView
from incidentops_backend.schemas import (
    DeltaOut,
    SnapshotOut,
    action_out,
    dependency_out,
    service_out,
    system_out,
)
from incidentops_backend.schemas.faults import fault_out

BEAT_SECONDS = 0.025


class Broadcast(Protocol):
    """Sends one already serialisable delta to every connected client; must not block."""

    def __call__(self, delta: dict[str, Any], /) -> None: ...


@dataclass(slots=True)
class Pending:
    """What has changed since the last delta. Services are names only: their state is read when it is sent, so
    that two threads announcing out of order cannot send an older state last."""

    services: set[str] = field(default_factory=set)
    actions: dict[UUID, Action] = field(default_factory=dict)
    faults: dict[UUID, Fault] = field(default_factory=dict)
    system: SystemReading | None = None
    dependencies: list[Dependency] | None = None

    def __bool__(self) -> bool:
        return bool(self.services or self.actions or self.faults or self.system or self.dependencies)


class Hub:
    """The one source of revisions. `run` is the beat, in a thread of its own."""

    def __init__(
        self,
        view: LiveView,
        actions: RecentActions,
        system: SystemReader,
        dependencies: Dependencies,
        clock: Clock,
        *,
        faults: ActiveFaults,
    ) -> None:
        self._faults = faults
        self._view, self._actions, self._system = view, actions, system
        self._dependencies, self._clock = dependencies, clock
        self._broadcast: Broadcast = lambda _delta: None
        self._lock = threading.Lock()
        self._send_lock = threading.Lock()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._pending = Pending()
        self._revision = 0
        self.on_sent: Callable[[], None] = lambda: None

    def send_with(self, broadcast: Broadcast) -> None:
        self._broadcast = broadcast

    @property
    def revision(self) -> int:
        return self._revision

    # -- changes in --------------------------------------------------------------------------------------

    def services_changed(self, change: Change) -> None:
        with self._lock:
            self._pending.services.update(service.name for service in change.changed)
            self._pending.services.update(change.removed)
        self._wake.set()

    def action_changed(self, action: Action) -> None:
        with self._lock:
            self._pending.actions[action.id] = action
        self._wake.set()

    def fault_changed(self, fault: Fault) -> None:
        with self._lock:
            self._pending.faults[fault.id] = fault
        self._wake.set()

    def system_changed(self, reading: SystemReading) -> None:
        with self._lock:
            self._pending.system = reading
        self._wake.set()

    def dependencies_changed(self, dependencies: list[Dependency]) -> None:
        with self._lock:
            self._pending.dependencies = dependencies
        self._wake.set()

    # -- messages out ------------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """The whole state, at least as new as its revision; a client ignores deltas up to it."""
        with self._send_lock:
            revision = self._revision
            return SnapshotOut(
                revision=revision,
                services=[service_out(item) for item in self._view.services()],
                system=system_out(self._system.reading),
                dependencies=[dependency_out(item) for item in self._dependencies.all()],
                actions={
                    service: [action_out(item) for item in items]
                    for service, items in self._actions.all().items()
                },
                faults=[fault_out(item) for item in self._faults.all()],
                server_time=self._clock.now(),
            ).model_dump(mode="json")

    def flush(self) -> None:
        """Send what is pending, if anything, as the next revision."""
        with self._send_lock:
            with self._lock:
                pending, self._pending = self._pending, Pending()
            if not pending:
                return
            self._revision += 1
            self._broadcast(self._delta(pending))
        self.on_sent()

    def run(self) -> None:
        """Send deltas until `stop`, at most one per beat."""
        while not self._stopped.is_set():
            self._wake.wait()
            self._wake.clear()
            self.flush()
            self._stopped.wait(BEAT_SECONDS)

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def _delta(self, pending: Pending) -> dict[str, Any]:
        found = {name: self._view.find(name) for name in sorted(pending.services)}
        delta = DeltaOut(
            revision=self._revision,
            services=[service_out(item) for item in found.values() if item] or None,
            removed=[name for name, item in found.items() if item is None] or None,
            actions=[action_out(item) for item in pending.actions.values()] or None,
            faults=[fault_out(item) for item in pending.faults.values()] or None,
            system=system_out(pending.system) if pending.system else None,
            dependencies=[dependency_out(item) for item in pending.dependencies or []] or None,
            server_time=self._clock.now(),
        )
        absent = {name for name in DeltaOut.model_fields if getattr(delta, name) is None}
        return delta.model_dump(mode="json", exclude=absent)
