"""Watching the watchers: a synthetic page through the whole way of a page, and a beat that stops when one is
overdue, so that somebody outside notices."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.notifications.contacts import Channel, ContactMethod, Urgency
from incidentops.domain.notifications.notification import Kind, Notification
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops.ports.channels import NotDelivered
from incidentops.ports.escalations import Escalations
from incidentops.ports.outbox import Outbox

log = structlog.get_logger()

OVERDUE = timedelta(minutes=2)
"""A page that nobody has got after this long is overdue, and so is a step that was not taken."""

RECIPIENT = "(synthetic)"
"""No name of a user: nobody is meant."""


@dataclass(slots=True)
class Health:
    """What is known about paging; None until it was looked at."""

    overdue: int | None = None
    synthetic_seconds: float | None = None
    synthetic_at: datetime | None = None


class PageAuditor:
    """Looks at the outbox from outside, as a person would. `beat` tells the world that all is well."""

    def __init__(
        self,
        outbox: Outbox,
        escalations: Escalations,
        clock: Clock,
        *,
        beat: Callable[[], object] | None,
        method: ContactMethod | None,
    ) -> None:
        self._outbox, self._escalations, self._clock = outbox, escalations, clock
        self._beat, self._method = beat, method or ContactMethod(Channel.LOG)
        self._lock = threading.Lock()
        self._paged_at: datetime | None = None
        self.health = Health()

    def audit(self) -> None:
        """Count what is overdue; beat only when that is nothing. Postgres away means no beat."""
        before = self._clock.now() - OVERDUE
        try:
            overdue = self._outbox.overdue(before) + self._escalations.overdue(before)
        except Unavailable as error:
            self.health.overdue = None
            log.warning("pages_not_audited", reason=str(error))
            return
        self.health.overdue = overdue
        if overdue:
            log.error("pages_overdue", count=overdue)
        elif self._beat:
            self._send_beat(self._beat)

    def page_synthetically(self, every: timedelta) -> None:
        """Put a page for nobody into the outbox, unless one was put there within `every`; `delivered` hears how
        long it took. While Postgres is away it is tried again with the next call."""
        now = self._clock.now()
        if self._paged_at is not None and now - self._paged_at < every:
            return
        page = Notification(
            id=uuid7(),
            kind=Kind.SYNTHETIC,
            recipient=RECIPIENT,
            urgency=Urgency.HIGH,
            subject="Synthetic page",
            body="Sent on a schedule to measure how long a page takes. Nothing is wrong.",
            methods=(self._method,),
            created_at=now,
            due_at=now,
        )
        try:
            self._outbox.enqueue([page])
            self._paged_at = now
        except Unavailable as error:
            log.info("no_synthetic_page", reason=str(error))

    def delivered(self, told: Notification) -> None:
        """Hear of a delivered notification."""
        if told.kind is Kind.SYNTHETIC and told.delivered_at:
            with self._lock:
                self.health.synthetic_seconds = (told.delivered_at - told.created_at).total_seconds()
                self.health.synthetic_at = told.delivered_at

    def _send_beat(self, beat: Callable[[], object]) -> None:
        try:
            beat()
        except NotDelivered as error:
            log.warning("dead_man_beat_failed", reason=str(error))
