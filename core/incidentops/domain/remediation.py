"""What to restart, in which order, and why: one pure decision with two callers, the remediator and, while
broker or remediator is away, the backend (DESIGN 5.2 and 5.4).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incidentops.domain.dependencies import needs, start_order
from incidentops.domain.policies import Treatment
from incidentops.domain.services import RecoveryMode, Service, ServiceState, Status, Verb, Wish

_STARTED_NOT_RESTARTED = frozenset(
    {ServiceState.EXITED, ServiceState.CREATED, ServiceState.DEAD, ServiceState.PAUSED, ServiceState.DEGRADED}
)
"""States in which `start` heals: nothing that runs has to end for it (a paused one is resumed)."""


class Trigger(StrEnum):
    """Who asked: the operator's button restarts what is DOWN, automatic recovery only what it may."""

    OPERATOR = "operator"
    AUTO = "auto"


class Verdict(StrEnum):
    """What a run made of one service that was DOWN."""

    RESTARTED = "restarted"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Order:
    """One remediation run. `only` restricts it to these services (None: all)."""

    run_id: UUID
    trigger: Trigger
    only: frozenset[str] | None = None

    @property
    def short_id(self) -> str:
        """The end of the id: a UUIDv7 begins with the time, which runs of one minute share."""
        return self.run_id.hex[-6:]


@dataclass(frozen=True, slots=True)
class Skip:
    """A service that is DOWN and deliberately not restarted, and the reason as a sentence's end."""

    service: str
    reason: str


@dataclass(frozen=True, slots=True)
class Situation:
    """What a run looks at: all services, how policies treat them (without an entry: as usual), and which must be left
    alone now (an open breaker), with the reason."""

    services: Sequence[Service]
    treatments: Mapping[str, Treatment] = field(default_factory=dict)
    blocked: Mapping[str, str] = field(default_factory=dict)

    def treatment(self, name: str) -> Treatment:
        return self.treatments.get(name, _AS_USUAL)


_AS_USUAL = Treatment()


@dataclass(frozen=True, slots=True)
class Plan:
    """`restarts` in order, `skips` by name, `cycles` the services whose dependencies form a loop."""

    restarts: tuple[str, ...]
    skips: tuple[Skip, ...]
    cycles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and done about one service; `reason` ends a sentence (of a failure: the engine's)."""

    service: str
    verdict: Verdict
    reason: str


def plan_remediation(
    services: Sequence[Service],
    trigger: Trigger,
    blocked: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
) -> Plan:
    """Decide for all services at once. The same state gives the same plan, whatever the order of `services`.

    Order: by dependency, then longest DOWN first, then name. `blocked` maps a service to the reason why it
    must be left alone now (maintenance, open breaker); services that are not in `only` are passed over.
    """
    down = {item.name: item for item in services if is_down(item, trigger)}
    down = {name: item for name, item in down.items() if only is None or name in only}
    reasons = {name: _reason_to_skip(item, trigger, blocked or {}) for name, item in down.items()}
    chosen = {name: item for name, item in down.items() if reasons[name] is None}
    graph = {item.name: item.depends_on for item in services}
    order = start_order({name: needs(name, graph) for name in chosen}, rank=_down_since(chosen))
    skips = tuple(Skip(name, reason) for name in sorted(down) if (reason := reasons[name]))
    return Plan(order.names, skips, order.cycles)


def is_down(service: Service, trigger: Trigger) -> bool:
    """Whether a run looks at the service at all. Automatic recovery also brings back single replicas."""
    lost_replica = trigger is Trigger.AUTO and service.state is ServiceState.DEGRADED
    return service.status is Status.DOWN or lost_replica


def restart_verb(service: Service) -> Verb:
    """How it comes back: `start` what does not run, `restart` what runs and does not answer."""
    return Verb.START if service.state in _STARTED_NOT_RESTARTED else Verb.RESTART


def why_restarted(service: Service, services: Sequence[Service], plan: Plan, now: datetime) -> str:
    """The state the decision was made on: "exited 12 s ago, depends on nothing that is down"."""
    below = needs(service.name, {item.name: item.depends_on for item in services})
    down = [name for name in plan.restarts if name in below]
    parts = [_state_with_age(service, now), f"depends on {', '.join(down) or 'nothing that is down'}"]
    if service.name in plan.cycles:
        parts.append(f"its dependencies form a loop ({', '.join(plan.cycles)}), so it went by name")
    return ", ".join(parts)


def sentence(order: Order, decision: Decision) -> str:
    """The line of the action log that explains a decision."""
    match decision.verdict:
        case Verdict.RESTARTED:
            return f"Restarted by remediation {order.short_id}: {decision.reason}"
        case Verdict.FAILED:
            return f"Not healed by remediation {order.short_id}: {decision.reason}"
        case Verdict.SKIPPED:
            return f"Not restarted by remediation {order.short_id}: {decision.reason}"


def summarise(decisions: Iterable[Decision]) -> dict[str, object]:
    """The answer of `POST /remediate` as seed 001 and DESIGN 5.2 have it; decisions in the order of the
    restarts."""
    by_verdict: dict[Verdict, list[Decision]] = {verdict: [] for verdict in Verdict}
    for decision in decisions:
        by_verdict[decision.verdict].append(decision)
    failed = [{"service": item.service, "reason": item.reason} for item in by_verdict[Verdict.FAILED]]
    answer: dict[str, object] = {
        "status": "partial" if failed else "completed",
        "services_remediated": [item.service for item in by_verdict[Verdict.RESTARTED]],
        "services_skipped": sorted(item.service for item in by_verdict[Verdict.SKIPPED]),
    }
    return answer | ({"services_failed": failed} if failed else {})


def _reason_to_skip(service: Service, trigger: Trigger, blocked: Mapping[str, str]) -> str | None:
    if service.state is ServiceState.UNKNOWN:
        return "its state is unknown while the engine is away"
    if service.protected:
        return "it is protected"
    if service.name in blocked:
        return blocked[service.name]
    if trigger is Trigger.AUTO and service.recovery_mode is not RecoveryMode.AUTO:
        return "its recovery mode is manual"
    if trigger is Trigger.AUTO and service.wish is Wish.STOPPED:
        return "the operator stopped it on purpose"
    return None


def _down_since(services: Mapping[str, Service]) -> dict[str, float]:
    """Seconds since the epoch at which each went down; 0 (first) when nobody knows."""
    return {
        name: item.finished_at.timestamp() if item.finished_at else 0.0 for name, item in services.items()
    }


def _state_with_age(service: Service, now: datetime) -> str:
    words = service.state.replace("_", " ")
    if service.state not in (ServiceState.EXITED, ServiceState.DEAD) or service.finished_at is None:
        return words
    return f"{words} {max(0, round((now - service.finished_at).total_seconds()))} s ago"
