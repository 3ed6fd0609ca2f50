"""Notifications and their attempts as JSON."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from incidentops.domain.notifications.contacts import Channel, Urgency
from incidentops.domain.notifications.notification import AttemptOutcome, Kind, NotificationState
from incidentops_backend.schemas.incidents import NO_NUL
from incidentops_backend.schemas.oncall import Name, Strict, Target, refuse_unfit
from incidentops_backend.schemas.shape import Shape


class NotifyIn(Strict):
    """A message to a user by the ways they chose, to a user by one of these, or to a target directly."""

    recipient: Name | None = Field(default=None, description="a user; or give `channel` and `target`, or all")
    channel: Channel | None = None
    target: Target = Field(default="", description="of a user's own method also as it is shown, with `…`")
    subject: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    message: Annotated[str, Field(min_length=1, max_length=10_000, pattern=NO_NUL)]
    urgency: Urgency = Urgency.HIGH
    incident_id: UUID | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if self.recipient is None and self.channel is None:
            raise ValueError("give a recipient, a channel, or both")
        if self.channel is not None:
            refuse_unfit(self.channel, self.target)
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
