"""Our own probes raise alerts: a service that goes down, loops or stops answering, unless an operator stopped it.

A service may be down for a moment without anybody being called: while an action on it runs, and for as long as its
outage policy holds it down.
"""

from datetime import datetime

import structlog

from incidentops.domain.alerts import Signal, SignalKind, fingerprint
from incidentops.domain.correlation.rules import OWN_SOURCE
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.labels import parse_definition
from incidentops.domain.outages import Outage, OutagePolicy, outage_of
from incidentops.domain.services import Service, ServiceState
from incidentops.ports import Clock
from incidentops_backend.reads.upstream import Upstream
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.incidents.intake import Intake
from incidentops_backend.use_cases.policies.book import PolicyBook

log = structlog.get_logger()

NAME = "ServiceDown"
_WORDS = {
    ServiceState.CRASH_LOOP: "keeps crashing",
    ServiceState.HUNG: "runs but does not answer",
    ServiceState.UNHEALTHY: "is unhealthy",
    ServiceState.PAUSED: "is paused",
}


class OwnProbes:
    """`sample` is called about twice a second by one thread: it reads the live view, and stores what is new."""

    def __init__(
        self,
        view: LiveView,
        upstream: Upstream,
        intake: Intake,
        clock: Clock,
        policies: PolicyBook[OutagePolicy],
    ) -> None:
        self._view, self._upstream, self._intake = view, upstream, intake
        self._clock, self._policies = clock, policies
        self._down_since: dict[str, datetime] = {}
        self._told: dict[str, Outage | None] = {}
        """A service that is not in it was never told of: an earlier process may have left an alert."""

    def sample(self) -> None:
        """Raise what has been down for long enough, resolve what is no longer. What could not be stored now is
        tried again. While the engine is away nothing is known, and nothing is said."""
        if self._view.engine_lost_at is not None:
            return
        now = self._clock.now()
        signals: list[Signal] = []
        told = dict(self._told)
        for service in self._view.services():
            if service.busy:  # somebody is at it; what comes of it counts
                continue
            outage = self._outage(service, now)
            known = service.name in told and told[service.name] == outage
            if known or self._waiting(service.name, outage, now):
                continue
            told[service.name] = outage
            signals.append(self._raised(service, outage, now) if outage else _over(service.name, now))
        gone = told.keys() - {service.name for service in self._view.services()}
        signals += [_over(name, now) for name in sorted(gone) if told.pop(name)]
        if self._stored(signals):
            self._told = told

    def _outage(self, service: Service, now: datetime) -> Outage | None:
        """What its trouble comes to as an alert, and since when."""
        containers = self._view.containers(service.name)
        outage = None
        if containers:
            owner = parse_definition(containers[0].labels, containers[0].name)
            outage = outage_of(service, owner, self._policies.reading.policies)
        if outage is None:
            self._down_since.pop(service.name, None)
        else:
            self._down_since.setdefault(service.name, now)
        return outage

    def _waiting(self, name: str, outage: Outage | None, now: datetime) -> bool:
        return outage is not None and now - self._down_since[name] < outage.hold

    def _raised(self, service: Service, outage: Outage, now: datetime) -> Signal:
        labels = {"group": service.group, "project": service.project or ""}
        return Signal(
            kind=SignalKind.FIRING,
            source=OWN_SOURCE,
            dedup_key=_key(service.name),
            at=now,
            service=service.name,
            name=NAME,
            severity=outage.severity,
            summary=f"Service {service.name} {_WORDS.get(service.state, 'is down')}",
            fingerprint=fingerprint(OWN_SOURCE, service.name, NAME, labels),
            labels=labels,
            annotations={**outage.annotations, "state": outage.state},
            upstream=self._upstream.of(service.name),
        )

    def _stored(self, signals: list[Signal]) -> bool:
        try:
            self._intake.accept(signals)
        except IncidentOpsError as error:
            log.warning("own_alerts_not_stored", reason=str(error))
            return False
        return True


def _key(service: str) -> str:
    return f"{NAME}/{service}"


def _over(service: str, now: datetime) -> Signal:
    return Signal(SignalKind.RESOLVED, OWN_SOURCE, _key(service), now, service=service, name=NAME)
