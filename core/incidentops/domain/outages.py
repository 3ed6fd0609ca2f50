"""Outage policies: which outages that our own probes see are alerts, how bad they are, and after how long.

`DEFAULT` is what holds where no policy file speaks for a service. The label `incidentops.alert`, the word of the
service's own owner, stands above the severity of every policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from incidentops.domain.labels import Definition
from incidentops.domain.policies import Ailment, Match
from incidentops.domain.services import Service, ServiceState, Wish
from incidentops.domain.severity import Severity

HOLD = timedelta(seconds=2)
"""A restart by the service's own policy takes less."""

_AILMENTS = {
    ServiceState.CRASH_LOOP: Ailment.CRASH_LOOP,
    ServiceState.HUNG: Ailment.HUNG,
    ServiceState.UNHEALTHY: Ailment.UNHEALTHY,
}


@dataclass(frozen=True, slots=True)
class OutagePolicy:
    """`severity` None: such an outage is no alert. A service must be in trouble for `hold` before it is one, whatever
    states it goes through meanwhile. `annotations` go with the alert, a runbook's address say."""

    name: str
    match: Match
    severity: Severity | None
    hold: timedelta = HOLD
    annotations: Mapping[str, str] = field(default_factory=dict)


DEFAULT = OutagePolicy("default", Match(frozenset(Ailment)), Severity.HIGH)


@dataclass(frozen=True, slots=True)
class Outage:
    """What the trouble of one service comes to as an alert; the fields as in OutagePolicy."""

    state: ServiceState
    severity: Severity
    hold: timedelta
    annotations: Mapping[str, str]


def outage_of(service: Service, owner: Definition, policies: Iterable[OutagePolicy]) -> Outage | None:
    """By the first policy that speaks for the service in this state; None for what is up, stopped on purpose, or no
    alert."""
    if service.up or service.wish is Wish.STOPPED or owner.quiet:
        return None
    ailment = _AILMENTS.get(service.state, Ailment.DOWN)
    policy = next(item for item in (*policies, DEFAULT) if item.match.takes(service, ailment))
    severity = owner.alert or policy.severity
    return Outage(service.state, severity, policy.hold, policy.annotations) if severity else None
