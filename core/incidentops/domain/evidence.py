"""What was known when an incident opened and when it was resolved, frozen: logs rotate, states change, histories are
pruned, the evidence stays."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incidentops.domain.happenings import Happening
from incidentops.domain.services import Service, ServiceState, Status


class Moment(StrEnum):
    """When evidence is taken, once each."""

    OPENED = "opened"
    RESOLVED = "resolved"


class Role(StrEnum):
    """What a service has to do with an incident."""

    AFFECTED = "affected"
    UPSTREAM = "upstream"
    """The affected service stands on it."""
    DOWNSTREAM = "downstream"
    """It stands on the affected service: the blast radius."""


@dataclass(frozen=True, slots=True)
class ServiceEvidence:
    """A service as it was. `log`: the last lines of its containers, without secrets, for the affected service and
    those that were down."""

    name: str
    role: Role
    status: Status
    state: ServiceState
    exit_code: int | None
    started_at: datetime | None
    finished_at: datetime | None
    image: str
    log: tuple[str, ...] = ()

    @classmethod
    def of(cls, service: Service, role: Role, log: tuple[str, ...]) -> "ServiceEvidence":
        return cls(
            service.name,
            role,
            service.status,
            service.state,
            service.exit_code,
            service.started_at,
            service.finished_at,
            service.image,
            log,
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything kept of one moment. Metrics and traces will be further fields with a default: what was stored
    before reads as having none. `taken_at` may be later than the moment: the backend was away then."""

    incident_id: UUID
    moment: Moment
    taken_at: datetime
    services: tuple[ServiceEvidence, ...] = ()
    happenings: tuple[Happening, ...] = ()
