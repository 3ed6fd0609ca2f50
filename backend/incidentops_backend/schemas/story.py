"""What was done at the time of an incident, and its evidence, as JSON."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from incidentops.domain.evidence import Moment, Role
from incidentops.domain.happenings import HappeningKind
from incidentops.domain.services import ServiceState, Status
from incidentops_backend.schemas.shape import Shape


class HappeningOut(Shape):
    """One thing that was done to a service."""

    kind: HappeningKind
    id: UUID
    at: datetime
    ended_at: datetime | None = Field(description="null while it goes on")
    service: str = Field(description="empty for an experiment")
    what: str = Field(description="verb, kind of fault, kind of decision, or name of the experiment")
    outcome: str = Field(description="its state or verdict; empty for a decision")
    by: str
    text: str
    run_id: UUID | None = Field(description="the run of the experiment it belongs to")


class RelatedOut(BaseModel):
    """What was done at the time of an incident to the services that it reaches, newest first."""

    services: dict[str, Role]
    since: datetime
    until: datetime
    items: list[HappeningOut]
    next_cursor: str | None


class ServiceEvidenceOut(Shape):
    """A service as it was."""

    name: str
    role: Role
    status: Status
    state: ServiceState
    exit_code: int | None
    started_at: datetime | None
    finished_at: datetime | None
    image: str
    log: list[str] = Field(description="its last lines, of the affected service and of those that were down")


class EvidenceOut(Shape):
    """What was known at one moment of an incident."""

    moment: Moment
    taken_at: datetime
    services: list[ServiceEvidenceOut]
    happenings: list[HappeningOut] = Field(description="what had been done lately, newest first")


class EvidenceListOut(BaseModel):
    items: list[EvidenceOut]
