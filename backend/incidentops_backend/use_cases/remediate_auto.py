"""Automatic recovery: what dies in recovery mode `auto` is healed by a run of its own, at once, and ever later
while it keeps dying. What an operator stopped on purpose stays stopped."""

import threading
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog

from incidentops.domain.actions import Actor, Source
from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.observations import EngineEvent
from incidentops.domain.remediation import Trigger
from incidentops.domain.restart_backoff import RestartBackoff
from incidentops.domain.services import RecoveryMode, Service, Wish
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.locks import ServiceLocks

log = structlog.get_logger()

BUSY_SECONDS = 60.0
_AT_REST = frozenset({"exited", "dead"})

Remediate = Callable[[Trigger, Actor, frozenset[str]], object]


class AutoRemediation:
    """One thread per service that is being healed; nobody waits for another's backoff or probe."""

    def __init__(
        self, view: LiveView, locks: ServiceLocks, remediate: Remediate, stopping: threading.Event
    ) -> None:
        self._view, self._locks, self._remediate, self._stopping = view, locks, remediate, stopping
        self._lock = threading.Lock()
        self._backoff = RestartBackoff()
        self._healing: dict[str, bool] = {}  # True: it has died again meanwhile

    def saw(self, event: EngineEvent) -> None:
        """Hear of every engine event, after the view has taken it in."""
        if event.action == "die" and (service := self._view.service_of(event.container_id)):
            self._heal_soon(service)

    def sweep(self, names: Iterable[str] | None = None) -> None:
        """Heal what died while nobody looked: after a (re)connect to the engine, or a change of mode."""
        for service in self._view.services():
            if (names is None or service.name in names) and self._needs_healing(service.name):
                self._heal_soon(service)

    # -- inside ------------------------------------------------------------------------------------------

    def _heal_soon(self, service: Service) -> None:
        if service.recovery_mode is not RecoveryMode.AUTO or service.protected:
            return
        name = service.name
        with self._lock:
            if name in self._healing:
                self._healing[name] = True
                return
            self._healing[name] = False
        threading.Thread(target=self._heal, args=(name,), name=f"heal {name}", daemon=True).start()

    def _heal(self, name: str) -> None:
        again = True
        while again and not self._stopping.is_set():
            try:
                self._heal_once(name)
            except IncidentOpsError as error:
                log.error("automatic_recovery_failed", service=name, reason=str(error))
            with self._lock:
                again = self._healing[name]
                self._healing[name] = False
                if not again:
                    del self._healing[name]

    def _heal_once(self, name: str) -> None:
        self._locks.wait_until_free(name, BUSY_SECONDS)  # whoever stops or restarts it says what it should be
        if not self._needs_healing(name):
            return
        pause = self._pause(name)
        if self._stopping.wait(pause) or (pause and not self._needs_healing(name)):
            return
        self._remediate(Trigger.AUTO, Actor("backend", Source.AUTO), frozenset({name}))

    def _needs_healing(self, name: str) -> bool:
        service = self._view.find(name)
        return (
            service is not None
            and service.recovery_mode is RecoveryMode.AUTO
            and service.wish is not Wish.STOPPED
            and self._view.engine_lost_at is None
            and bool(self._dead(name))
        )

    def _dead(self, name: str) -> list[Container]:
        return [item for item in self._view.containers(name) if item.status in _AT_REST]

    def _pause(self, name: str) -> float:
        """By the shortest run of its dead containers."""
        ran = (
            item.finished_at - item.started_at
            for item in self._dead(name)
            if item.started_at and item.finished_at
        )
        with self._lock:
            return self._backoff.died(name, min(ran, default=timedelta.max))
