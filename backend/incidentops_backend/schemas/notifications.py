"""Notifications and their attempts as JSON."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from incidentops.domain.notifications.contacts import Channel, Urgency
from incidentops.domain.notifications.notification import AttemptOutcome, Kind, NotificationState
from incidentops_backend.schemas.oncall import ContactMethodIn, Name, Strict
from incidentops_backend.schemas.shape import Shape


class NotifyIn(Strict):
    """A message to a user, by the ways they chose, or to one target directly."""

    recipient: Name | None = Field(default=None, description="a user; or give `channel` and `target`")
    channel: Channel | None = None
    target: Annotated[str, Field(max_length=1000)] = ""
    subject: Annotated[str, Field(max_length=200)] = ""
    message: Annotated[str, Field(min_length=1, max_length=10_000)]
    urgency: Urgency = Urgency.HIGH
    incident_id: UUID | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if (self.recipient is None) == (self.channel is None):
            raise ValueError("give either recipient or channel")
        if self.channel is not None:
            ContactMethodIn(channel=self.channel, target=self.target)
        return self


class AttemptOut(Shape):
    """One try by one channel; `answer` is what it said."""

    number: int
    channel: Channel
    target: str
    key: str = Field(description="its idempotency key: the same whenever this message is tried there again")
    started_at: datetime
    ended_at: datetime | None
    outcome: AttemptOutcome
    answer: str


class NotificationOut(BaseModel):
    """One message to one recipient with every attempt to bring it."""

    id: UUID
    kind: Kind
    recipient: str
    urgency: Urgency
    subject: str
    body: str
    channels: tuple[Channel, ...]
    incident_id: UUID | None
    state: NotificationState
    status: NotificationState = Field(description="the same as `state`, in seed 003's word")
    created_at: datetime
    due_at: datetime
    delivered_at: datetime | None
    attempts: tuple[AttemptOut, ...]


class NotificationPageOut(BaseModel):
    items: tuple[NotificationOut, ...]
    next_cursor: str | None
