"""Where messages wait until a channel has confirmed them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from incidentops.domain.notifications.notification import (
    AttemptOutcome,
    Notification,
    NotificationState,
    Told,
)


@dataclass(frozen=True, slots=True)
class ToldFilter:
    """Which notifications; None means any."""

    state: NotificationState | None = None
    recipient: str | None = None
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ToldPage:
    """Notifications with their attempts, newest first, and the cursor of the next page (None on the last)."""

    items: tuple[Told, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """How the attempt that a claim began has ended, and how the notification stands after it."""

    after: Notification
    outcome: AttemptOutcome
    answer: str
    at: datetime


LEASE = timedelta(seconds=60)
"""After this long without an end an attempt counts as interrupted. No channel takes longer to fail."""


class Outbox(Protocol):
    """Every call raises `Unavailable("postgres", …)` when the database does not answer."""

    def enqueue(self, notifications: Sequence[Notification]) -> None:
        """Returning means durable. A notification whose id is known already is left as it is."""
        ...

    def claim(self, now: datetime, *, limit: int = 50) -> list[Notification]:
        """Take what is due, urgent and never tried first, for `LEASE` at most, and write down an attempt for
        each. Of several callers each gets its own. What another took and never finished is `interrupted`, and
        taken again. A recipient who had `bundles.BURST` messages lately is left alone until the oldest due
        one has waited for `bundles.GATHER`."""
        ...

    def finish(self, results: Sequence[Finished]) -> None:
        """Write down how attempts ended. A page that was given up makes its escalation's next step due."""
        ...

    def told(self, where: ToldFilter, *, limit: int = 50, cursor: str | None = None) -> ToldPage:
        """Raises ValueError for a cursor that this list did not give."""
        ...

    def find(self, notification_id: UUID) -> Told | None: ...

    def overdue(self, before: datetime) -> int:
        """How many urgent messages were accepted before that moment and are neither delivered nor ended."""
        ...
