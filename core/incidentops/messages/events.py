"""Payloads of events: what has happened. Readers ignore fields they do not know."""

from uuid import UUID

from pydantic import BaseModel

from incidentops.domain.actions import Outcome
from incidentops.domain.faults import Fault
from incidentops.domain.services import ServiceState, Status, Verb


class ServiceChanged(BaseModel):
    """A service looks different than before."""

    service: str
    status: Status
    state: ServiceState


class RemediationEscalated(BaseModel):
    """Automatic recovery has given a service up; `reason` says why, as the end of a sentence."""

    decision_id: UUID
    service: str
    policy: str
    reason: str


class ActionFinished(BaseModel):
    """An action on a service has its outcome."""

    action_id: UUID
    service: str
    verb: Verb
    outcome: Outcome
    message: str


class FaultChanged(BaseModel):
    """A fault is in another state: the whole record."""

    fault: Fault
