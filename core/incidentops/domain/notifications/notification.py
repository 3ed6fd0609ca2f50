"""A message to one person, and every attempt to bring it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from incidentops.domain.notifications.contacts import Channel, ContactMethod, Urgency

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
ROUNDS = 20
"""How often every channel of a person is tried, about an hour and a half in all, before it is given up."""


class Kind(StrEnum):
    """Why somebody is told."""

    PAGE = "page"
    ACKNOWLEDGED = "acknowledged"
    """News for those who were paged: somebody else is at it."""
    RESOLVED = "resolved"
    """News for those who were paged: it is over."""
    MESSAGE = "message"
    SYNTHETIC = "synthetic"


class NotificationState(StrEnum):
    """`pending` waits for its time, `sending` is in a channel's hands, the others are ends."""

    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AttemptOutcome(StrEnum):
    """`interrupted`: the sender died before it had an answer, so the attempt is repeated."""

    RUNNING = "running"
    DELIVERED = "delivered"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one recipient; `methods` are tried in turn, beginning at `position`."""

    id: UUID
    kind: Kind
    recipient: str
    urgency: Urgency
    subject: str
    body: str
    methods: tuple[ContactMethod, ...]
    created_at: datetime
    due_at: datetime
    incident_id: UUID | None = None
    state: NotificationState = NotificationState.PENDING
    position: int = 0
    attempts: int = 0
    delivered_at: datetime | None = None

    @property
    def method(self) -> ContactMethod:
        return self.methods[self.position % len(self.methods)]

    @property
    def key(self) -> str:
        """The idempotency key on the wire: the same whenever this message is tried by this method again."""
        return f"{self.id}-{self.position % len(self.methods)}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try by one channel. `answer` is what the channel said, without secrets; `target` is redacted."""

    notification_id: UUID
    number: int
    channel: Channel
    target: str
    key: str
    started_at: datetime
    outcome: AttemptOutcome = AttemptOutcome.RUNNING
    ended_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A notification with all its attempts, oldest first."""

    notification: Notification
    attempts: tuple[Attempt, ...] = field(default=())


def delivered(notification: Notification, now: datetime) -> Notification:
    return replace(notification, state=NotificationState.DELIVERED, delivered_at=now)


def after_failure(notification: Notification, now: datetime) -> Notification:
    """The next method at once; after the last one the first again, with a growing pause; in the end, given up."""
    position = notification.position + 1
    rounds, place = divmod(position, len(notification.methods))
    if rounds >= ROUNDS:
        return replace(notification, state=NotificationState.FAILED, position=position)
    due_at = now if place else now + pause_after(rounds)
    return replace(notification, state=NotificationState.PENDING, position=position, due_at=due_at)


def pause_after(rounds: int) -> timedelta:
    """How long to wait once all methods have failed `rounds` times."""
    doubled: timedelta = FIRST_PAUSE * 2 ** (rounds - 1)
    return min(LONGEST_PAUSE, doubled)
