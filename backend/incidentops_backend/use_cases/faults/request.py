"""A request for a fault: checked completely before anything is touched."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from incidentops.domain.containers import Container
from incidentops.domain.faults import KINDS, BadParameters, Fault, FaultKind, FaultState
from incidentops.domain.faults.kind import LEASE_SECONDS, Parameters
from incidentops.domain.services import Service
from incidentops.ports import Clock, FaultEngine
from incidentops.ports.faults import Target
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.errors import UnknownService
from incidentops_backend.use_cases.faults.book import FaultBook
from incidentops_backend.use_cases.faults.errors import (
    BadFault,
    FaultConflict,
    TargetNotRunning,
    TargetProtected,
)
from incidentops_backend.use_cases.faults.plans import planned
from incidentops_backend.use_cases.faults.surroundings import Outlook


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. `fault_id` is chosen by callers that may repeat themselves; `container` is the name or
    the id, also the short one, of one container of the service (None: the first that runs)."""

    fault_id: UUID
    service: str
    kind: str
    lease_seconds: float
    requested_by: str
    parameters: dict[str, Any] = field(default_factory=dict)
    run_id: UUID | None = None
    container: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: a sentence, by which mechanism, and whether the kernel itself would end it; for a service of
    several containers the sentence says which one is hurt."""

    sentence: str
    mechanism: str
    kernel_expiring: bool


class Requests:
    """Makes the record of what is wanted, with its plan. Raises BadFault, UnknownService, TargetProtected,
    TargetNotRunning, FaultConflict, CannotBeDone, and the errors of the engine."""

    def __init__(self, view: LiveView, engine: FaultEngine, book: FaultBook, clock: Clock) -> None:
        self._view, self._engine, self._book, self._clock = view, engine, book, clock
        self._around = Outlook(view, engine)

    def fault(self, wanted: Wanted) -> Fault:
        kind, parameters = _read(wanted)
        service, container = self._target(wanted)
        self._check_peer(parameters, service.name)
        self._check_conflicts(kind, service.name, container.id)
        target = self._engine.look(container.id)
        if not target.running:
            raise TargetNotRunning(f"{service.name} is {target.status}: there is nothing to hurt.")
        around = self._around.of(kind, parameters, target, wanted.lease_seconds)
        return planned(self._fault(wanted, parameters, target), kind, parameters, around, target)

    def preview(self, wanted: Wanted) -> Preview:
        """The same checks, and nothing done."""
        kind, parameters = _read(wanted)
        fault = self.fault(wanted)
        sentence = kind.preview(parameters, wanted.service) + self._which(fault)
        return Preview(sentence, fault.mechanism, kind.kernel_expiring)

    def _which(self, fault: Fault) -> str:
        containers = self._view.containers(fault.service)
        names = [container.name for container in containers if container.id == fault.container_id]
        return f" Of its {len(containers)} containers, this hurts {names[0]}." if len(containers) > 1 else ""

    def _target(self, wanted: Wanted) -> tuple[Service, Container]:
        """The service, and the container of it that will be hurt."""
        name = wanted.service
        service = self._view.find(name)
        if service is None:
            raise UnknownService(name, [item.name for item in self._view.services()])
        if service.protected:
            raise TargetProtected(f"Service {name} is protected: nobody may hurt it.")
        wished = self._wanted(wanted)
        for container in wished:
            if container.running:
                return service, container
        for other in self._book.active.on(name):
            if other.container_id in {container.id for container in wished}:
                raise FaultConflict(other)
        raise TargetNotRunning(f"{name} is {service.state}: there is nothing to hurt.")

    def _wanted(self, wanted: Wanted) -> list[Container]:
        """Those that may be hurt. Raises BadFault when the one that is named is none of the service's."""
        containers = self._view.containers(wanted.service)
        if wanted.container is None:
            return containers
        named = [item for item in containers if wanted.container in (item.name, item.id, item.short_id)]
        if not named:
            known = ", ".join(item.name for item in containers)
            raise BadFault(
                {"container": f"{wanted.service} has no container {wanted.container!r}; it has: {known}"}
            )
        return named

    def _check_peer(self, parameters: Parameters, service: str) -> None:
        """Raises BadFault for a peer that is nobody, or the service itself."""
        peer = getattr(parameters, "peer", None)
        others = [item.name for item in self._view.services() if item.name != service]
        if peer is not None and peer not in others:
            raise BadFault({"parameters.peer": f"expected another service, one of {', '.join(others)}"})

    def _check_conflicts(self, kind: FaultKind[Any], service: str, container_id: str) -> None:
        for other in self._book.active.on(service):
            if other.container_id == container_id and kind.conflicts_with(KINDS[other.kind]):
                raise FaultConflict(other)

    def _fault(self, wanted: Wanted, parameters: Parameters, target: Target) -> Fault:
        return Fault(
            id=wanted.fault_id,
            kind=wanted.kind,
            service=wanted.service,
            container_id=target.id,
            started_at_of_target=target.started_at,
            parameters=parameters.model_dump(),
            mechanism="",
            lease_seconds=wanted.lease_seconds,
            state=FaultState.REQUESTED,
            requested_at=self._clock.now(),
            requested_by=wanted.requested_by,
            run_id=wanted.run_id,
        )


def _read(wanted: Wanted) -> tuple[FaultKind[Any], Parameters]:
    """Raises BadFault with every bad field at once."""
    errors: dict[str, str] = {}
    shortest, longest = LEASE_SECONDS
    if not shortest <= wanted.lease_seconds <= longest:
        errors["lease_seconds"] = f"must be from {shortest:g} to {longest:g}"
    kind = KINDS.get(wanted.kind)
    if kind is None:
        errors["fault"] = f"there is no fault {wanted.kind!r}; known: {', '.join(KINDS)}"
        raise BadFault(errors)
    try:
        parameters = kind.read(wanted.parameters)
    except BadParameters as error:
        raise BadFault(errors | error.errors) from error
    if errors:
        raise BadFault(errors)
    return kind, parameters
