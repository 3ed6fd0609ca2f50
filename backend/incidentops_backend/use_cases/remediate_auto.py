"""Automatic recovery: what is in trouble in recovery mode `auto` is treated as its policy rules, by runs of its own.

One mechanism for every policy: judge, then wait, act, ask, leave or give up, and judge again until nothing is left.
"""

import threading
from collections.abc import Callable, Iterable

import structlog

from incidentops.domain.actions import Actor, Source
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.observations import EngineEvent
from incidentops.domain.policies import Remedy
from incidentops.domain.remediation import Trigger
from incidentops.domain.rulings import Case, Course, Ruling
from incidentops.domain.services import RecoveryMode, Service, ServiceState
from incidentops_backend.reads.view import Change, LiveView
from incidentops_backend.use_cases.locks import ServiceLocks
from incidentops_backend.use_cases.policies.care import Care
from incidentops_backend.use_cases.policies.settle import Settle

log = structlog.get_logger()

BUSY_SECONDS = 60.0
_DEPENDENCY_SECONDS = 0.1
"""How often a service that waits for another is judged again."""

_SICK = frozenset({ServiceState.UNHEALTHY, ServiceState.HUNG})

Remediate = Callable[[Trigger, Actor, frozenset[str]], object]


class AutoRemediation:
    """One thread per service that is being treated; nobody waits for another's backoff or probe."""

    def __init__(
        self,
        view: LiveView,
        locks: ServiceLocks,
        care: Care,
        settle: Settle,
        *,
        remediate: Remediate,
        stopping: threading.Event,
    ) -> None:
        self._view, self._locks, self._care, self._settle = view, locks, care, settle
        self._remediate, self._stopping = remediate, stopping
        self._lock = threading.Lock()
        self._healing: dict[str, bool] = {}  # True: there is new trouble meanwhile

    def saw(self, event: EngineEvent) -> None:
        """Hear of every engine event, after the view has taken it in."""
        if event.action == "die" and (service := self._view.service_of(event.container_id)):
            self.heal_soon(service.name)

    def changed(self, change: Change) -> None:
        """Hear of every change of the view: a service may run and yet be sick."""
        for service in change.changed:
            if service.state in _SICK and _automatic(service):
                self.heal_soon(service.name)

    def sweep(self, names: Iterable[str] | None = None) -> None:
        """Treat what got into trouble while nobody looked: after a (re)connect to the engine."""
        for service in self._view.services():
            if (names is None or service.name in names) and _automatic(service):
                self.heal_soon(service.name)

    def retry_rested(self) -> None:
        """One more attempt where a breaker has rested long enough."""
        self.sweep(self._care.resting())

    def heal_soon(self, name: str) -> None:
        """Judge the service now, or once more when that is going on."""
        with self._lock:
            if name in self._healing:
                self._healing[name] = True
                return
            self._healing[name] = False
        threading.Thread(target=self._heal, args=(name,), name=f"heal {name}", daemon=True).start()

    # -- inside ------------------------------------------------------------------------------------------

    def _heal(self, name: str) -> None:
        again = True
        while again and not self._stopping.is_set():
            try:
                while not self._stopping.is_set() and self._step(name):
                    pass
            except IncidentOpsError as error:
                log.error("automatic_recovery_failed", service=name, reason=str(error))
            with self._lock:
                again = self._healing[name]
                self._healing[name] = False
                if not again:
                    del self._healing[name]

    def _step(self, name: str) -> bool:
        """Judge once and do what is ruled; whether there is more to judge."""
        self._locks.wait_until_free(name, BUSY_SECONDS)  # whoever stops or restarts it says what it should be
        judged = self._care.judge(name)
        if judged is None:
            return False
        case, ruling = judged
        match ruling:
            case Ruling(course=Course.WAIT):
                self._wait(case, ruling)
            case Ruling(course=Course.ACT, remedy=Remedy() as remedy):
                self._act(case, remedy, ruling.reason)
            case _:
                self._settle(case, ruling)
        return ruling.course in (Course.WAIT, Course.ACT)

    def _act(self, case: Case, remedy: Remedy, reason: str) -> None:
        self._care.begin(case, remedy, reason)
        self._remediate(Trigger.AUTO, Actor("backend", Source.AUTO), frozenset({case.service.name}))

    def _wait(self, case: Case, ruling: Ruling) -> None:
        self._settle(case, ruling)
        seconds = self._settle.seconds_until(ruling.until) if ruling.until else _DEPENDENCY_SECONDS
        self._stopping.wait(seconds)


def _automatic(service: Service) -> bool:
    return service.recovery_mode is RecoveryMode.AUTO and not service.protected
