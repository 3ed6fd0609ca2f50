"""Our own probes raise alerts: a service that goes down, loops or stops answering, unless an operator stopped it.

A service may be down for a moment without anybody being called: while an action on it runs, and for a grace. Its
label `incidentops.alert` says how bad its outage is, or `off`.
"""

from datetime import datetime

import structlog

from incidentops.domain.alerts import Signal, SignalKind, fingerprint
from incidentops.domain.correlation.rules import OWN_SOURCE
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.labels import Definition, parse_definition
from incidentops.domain.services import Service, ServiceState, Wish
from incidentops.domain.severity import Severity
from incidentops.ports import Clock
from incidentops_backend.reads.upstream import Upstream
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.incidents.intake import Intake

log = structlog.get_logger()

GRACE_SECONDS = 2.0
"""How long a service must be down before it is an alert: a restart by its own policy takes less."""

NAME = "ServiceDown"
_WORDS = {
    ServiceState.CRASH_LOOP: "keeps crashing",
    ServiceState.HUNG: "runs but does not answer",
    ServiceState.UNHEALTHY: "is unhealthy",
    ServiceState.PAUSED: "is paused",
}


class OwnProbes:
    """`sample` is called about twice a second by one thread: it reads the live view, and stores what is new.
    `severity` is that of an outage whose service does not say; None: only those that say are alerts."""

    def __init__(
        self, view: LiveView, upstream: Upstream, intake: Intake, clock: Clock, severity: Severity | None
    ) -> None:
        self._view, self._upstream, self._intake = view, upstream, intake
        self._clock, self._severity = clock, severity
        self._down_since: dict[str, datetime] = {}
        self._told: dict[str, ServiceState | None] = {}

    def sample(self) -> None:
        """Raise what has been down for the grace, resolve what is no longer. What could not be stored now is
        tried again. While the engine is away nothing is known, and nothing is said."""
        if self._view.engine_lost_at is not None:
            return
        now = self._clock.now()
        signals: list[Signal] = []
        told = dict(self._told)
        for service in self._view.services():
            if service.busy:  # somebody is at it; what comes of it counts
                continue
            state = self._outage(service, now)
            if told.get(service.name, _NEVER) == state or self._waiting(service.name, state, now):
                continue
            told[service.name] = state
            signals.append(self._raised(service, now) if state else _over(service.name, now))
        gone = told.keys() - {service.name for service in self._view.services()}
        signals += [_over(name, now) for name in sorted(gone) if told.pop(name)]
        if self._stored(signals):
            self._told = told

    def _outage(self, service: Service, now: datetime) -> ServiceState | None:
        """The state that is an outage; None for what is up, wanted so, or no alert."""
        if service.up or service.wish is Wish.STOPPED or self._severity_of(service) is None:
            self._down_since.pop(service.name, None)
            return None
        self._down_since.setdefault(service.name, now)
        return service.state

    def _waiting(self, name: str, state: ServiceState | None, now: datetime) -> bool:
        return state is not None and (now - self._down_since[name]).total_seconds() < GRACE_SECONDS

    def _definition(self, service: Service) -> Definition | None:
        containers = self._view.containers(service.name)
        return parse_definition(containers[0].labels, containers[0].name) if containers else None

    def _severity_of(self, service: Service) -> Severity | None:
        definition = self._definition(service)
        if definition is None or definition.quiet:
            return None
        return definition.alert or self._severity

    def _raised(self, service: Service, now: datetime) -> Signal:
        labels = {"group": service.group, "project": service.project or ""}
        return Signal(
            kind=SignalKind.FIRING,
            source=OWN_SOURCE,
            dedup_key=_key(service.name),
            at=now,
            service=service.name,
            name=NAME,
            severity=self._severity_of(service) or Severity.HIGH,
            summary=f"Service {service.name} {_WORDS.get(service.state, 'is down')}",
            fingerprint=fingerprint(OWN_SOURCE, service.name, NAME, labels),
            labels=labels,
            annotations={"state": service.state},
            upstream=self._upstream.of(service.name),
        )

    def _stored(self, signals: list[Signal]) -> bool:
        try:
            self._intake.accept(signals)
        except IncidentOpsError as error:
            log.warning("own_alerts_not_stored", reason=str(error))
            return False
        return True


_NEVER = ServiceState.UNKNOWN
"""What was told of a service that this process sees for the first time: an earlier one may have left an alert."""


def _key(service: str) -> str:
    return f"{NAME}/{service}"


def _over(service: str, now: datetime) -> Signal:
    return Signal(SignalKind.RESOLVED, OWN_SOURCE, _key(service), now, service=service, name=NAME)
