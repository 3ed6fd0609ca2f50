"""What to restart, in which order, and why not the rest: one pure decision with two callers, the remediator
and, while broker or remediator is away, the backend (DESIGN 5.2 and 5.4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from incidentops.domain.dependencies import start_order
from incidentops.domain.services import RecoveryMode, Service, ServiceState, Status, Wish


class Trigger(StrEnum):
    """Who asked: the operator's button restarts what is DOWN, automatic recovery only what it may."""

    OPERATOR = "operator"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Skip:
    """A service that is DOWN and deliberately not restarted, and the reason as a sentence's end."""

    service: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`restarts` in order, `skips` by name, `cycles` the services whose dependencies form a loop."""

    restarts: tuple[str, ...]
    skips: tuple[Skip, ...]
    cycles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one restart went; `reason` says why not, in the engine's words."""

    service: str
    restarted: bool
    reason: str = ""


def plan_remediation(
    services: Sequence[Service], trigger: Trigger, blocked: Mapping[str, str] | None = None
) -> Plan:
    """Decide for all services at once. The same state gives the same plan, whatever the order of `services`.

    Order: by dependency, then longest DOWN first, then name. `blocked` maps a service to the reason why it
    must be left alone now (maintenance, open breaker).
    """
    down = {item.name: item for item in services if item.status is Status.DOWN}
    reasons = {name: _reason_to_skip(item, trigger, blocked or {}) for name, item in down.items()}
    chosen = {name: item for name, item in down.items() if reasons[name] is None}
    order = start_order({name: _needs(name, services) for name in chosen}, rank=_down_since(chosen))
    skips = tuple(Skip(name, reason) for name in sorted(down) if (reason := reasons[name]))
    return Plan(order.names, skips, order.cycles)


def summarise(plan: Plan, outcomes: Sequence[Outcome]) -> dict[str, object]:
    """The answer of `POST /remediate` as seed 001 and DESIGN 5.2 have it."""
    failed = [{"service": item.service, "reason": item.reason} for item in outcomes if not item.restarted]
    answer: dict[str, object] = {
        "status": "partial" if failed else "completed",
        "services_remediated": [item.service for item in outcomes if item.restarted],
        "services_skipped": [skip.service for skip in plan.skips],
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


def _needs(name: str, services: Sequence[Service]) -> tuple[str, ...]:
    """Everything a service stands on, also through services that need no restart themselves."""
    graph = {item.name: item.depends_on for item in services}
    found: dict[str, None] = {}
    frontier = list(graph.get(name, ()))
    while frontier:
        need = frontier.pop()
        if need not in found:
            found[need] = None
            frontier.extend(graph.get(need, ()))
    return tuple(found)


def _down_since(services: Mapping[str, Service]) -> dict[str, float]:
    """Seconds since the epoch at which each went down; 0 (first) when nobody knows."""
    return {
        name: item.finished_at.timestamp() if item.finished_at else 0.0 for name, item in services.items()
    }
