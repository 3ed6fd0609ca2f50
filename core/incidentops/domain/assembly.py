"""From containers to services: the pure rules of DESIGN 5.1 and 5.2.

A service is every container with the same project and the same `incidentops.service` label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from incidentops.domain.containers import Container
from incidentops.domain.labels import Definition, parse_definition
from incidentops.domain.services import (
    UP_STATES,
    Health,
    RecoveryMode,
    Replicas,
    Service,
    ServiceState,
    Verb,
    Wish,
    status_of,
)

_ENGINE_STATES = {
    "created": ServiceState.CREATED,
    "paused": ServiceState.PAUSED,
    "dead": ServiceState.DEAD,
    "removing": ServiceState.DEAD,
}
_RUNNING_STATES = {
    Health.UNHEALTHY: ServiceState.UNHEALTHY,
    Health.STARTING: ServiceState.STARTING,
}
_WORST_FIRST = (
    ServiceState.CRASH_LOOP,
    ServiceState.DEAD,
    ServiceState.HUNG,
    ServiceState.UNHEALTHY,
    ServiceState.EXITED,
    ServiceState.PAUSED,
    ServiceState.CREATED,
    ServiceState.STARTING,
    ServiceState.RUNNING,
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about services beside their containers. Sets hold container ids, maps service names.

    `answering` are containers that answer again after an outage in which their health check, which asks less
    often, called them unhealthy; its next verdict decides again.
    """

    crash_looping: frozenset[str] = frozenset()
    hung: frozenset[str] = frozenset()
    answering: frozenset[str] = frozenset()
    busy: Mapping[str, Verb] = field(default_factory=dict)
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    recovery_modes: Mapping[str, RecoveryMode] = field(default_factory=dict)
    last_logs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def service_name(definition: Definition, own_project: str) -> str:
    """The plain name in our own compose project and outside any; `project/name` elsewhere."""
    if definition.project in (None, own_project):
        return definition.name
    return f"{definition.project}/{definition.name}"


def name_of(container: Container, own_project: str) -> str:
    """The name of the service a container belongs to."""
    return service_name(parse_definition(container.labels, container.name), own_project)


def container_state(container: Container, circumstances: Circumstances) -> ServiceState:
    """The state of one container. A restarting container is `exited` until it loops."""
    if container.id in circumstances.crash_looping:
        return ServiceState.CRASH_LOOP
    if not container.running:
        return _ENGINE_STATES.get(container.status, ServiceState.EXITED)
    if container.id in circumstances.hung:
        return ServiceState.HUNG
    if container.id in circumstances.answering and container.health is Health.UNHEALTHY:
        return ServiceState.RUNNING
    return _RUNNING_STATES.get(container.health, ServiceState.RUNNING)


def combined_state(states: Sequence[ServiceState]) -> ServiceState:
    """The state of a service from its containers' states: all up, degraded, or the worst of them."""
    up = sum(state in UP_STATES for state in states)
    if 0 < up < len(states):
        return ServiceState.DEGRADED
    return min(states, key=_WORST_FIRST.index)


def assemble(name: str, containers: Sequence[Container], own_project: str, known: Circumstances) -> Service:
    """Build the service `name` from its containers (at least one). Labels are read from the newest started;
    disagreeing or broken labels show as `misconfigured`."""
    lead = max(containers, key=lambda item: (item.running, item.started_at is not None, item.name))
    definition = parse_definition(lead.labels, lead.name)
    states = [container_state(container, known) for container in containers]
    state = combined_state(states)
    return Service(
        name=name,
        status=status_of(state),
        state=state,
        health=lead.health,
        started_at=lead.started_at,
        finished_at=lead.finished_at,
        exit_code=None if lead.running else lead.exit_code,
        recovery_mode=known.recovery_modes.get(name, definition.recovery),
        group=definition.group,
        project=definition.project,
        image=lead.image,
        protected=definition.protected,
        depends_on=_qualified(definition, own_project),
        probe=definition.probe_text,
        replicas=Replicas(sum(item in UP_STATES for item in states), len(states)),
        containers=tuple(container.short_id for container in containers),
        misconfigured="; ".join(definition.problems) or None,
        busy=known.busy.get(name),
        wish=known.wishes.get(name),
        last_log=known.last_logs.get(lead.id, ()) if state is ServiceState.CRASH_LOOP else (),
    )


def _qualified(definition: Definition, own_project: str) -> tuple[str, ...]:
    """Dependencies are names in the same project, so they are shown with the same prefix."""
    if definition.project in (None, own_project):
        return definition.depends_on
    return tuple(f"{definition.project}/{name}" for name in definition.depends_on)
