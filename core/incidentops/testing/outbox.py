"""The in-memory twin of `Outbox`, and ready-made pages."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from incidentops.adapters.postgres.cursor import Cursor
from incidentops.domain.notifications.bundles import BURST, BURST_WINDOW, GATHER
from incidentops.domain.notifications.contacts import ContactMethod, Urgency
from incidentops.domain.notifications.notification import (
    Attempt,
    AttemptOutcome,
    Kind,
    Notification,
    NotificationState,
    Told,
)
from incidentops.domain.notifications.redaction import redacted_target
from incidentops.messages.ids import uuid7
from incidentops.ports.outbox import LEASE, Finished, ToldFilter, ToldPage
from incidentops.testing.directory import HOOK, MAIL

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_OPEN = frozenset({NotificationState.PENDING, NotificationState.SENDING})
_GOT = frozenset({NotificationState.SENDING, NotificationState.DELIVERED})
_CANCELLED = frozenset({Kind.PAGE, Kind.ACKNOWLEDGED})


def a_page(
    recipient: str = "alice",
    *,
    after_seconds: float = 0.0,
    urgency: Urgency = Urgency.HIGH,
    methods: tuple[ContactMethod, ...] = (HOOK, MAIL),
    incident_id: UUID | None = None,
) -> Notification:
    """A page due at once, `after_seconds` past noon."""
    at = NOON + timedelta(seconds=after_seconds)
    return Notification(
        id=uuid7(),
        kind=Kind.PAGE,
        recipient=recipient,
        urgency=urgency,
        subject="[SEV-2] redis: does not answer (incident 1)",
        body="Team operations, policy default.",
        methods=methods,
        created_at=at,
        due_at=at,
        incident_id=incident_id,
    )


class MemoryOutbox:
    """Thread-safe. `check` raises what a store that is away raises. `gave_up` hears of pages that were given up."""

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self._check = check
        self._lock = threading.RLock()
        self._notifications: dict[UUID, Notification] = {}
        self._attempts: dict[UUID, list[Attempt]] = {}
        self._leases: dict[UUID, datetime] = {}
        self.gave_up: Callable[[UUID, datetime], None] = lambda *_: None

    def enqueue(self, notifications: Sequence[Notification]) -> None:
        self._check()
        with self._lock:
            for item in notifications:
                self._notifications.setdefault(item.id, item)

    def claim(self, now: datetime, *, limit: int = 50) -> list[Notification]:
        self._check()
        with self._lock:
            waiting = [item for item in self._notifications.values() if self._waits(item, now)]
            open_to = self._open_to(waiting, now)
            ordered = sorted((item for item in waiting if item.recipient in open_to), key=_rank)
            return [self._begin(item, now) for item in ordered[:limit]]

    def finish(self, results: Sequence[Finished]) -> None:
        self._check()
        with self._lock:
            for item in results:
                self._finish(item)

    def told(self, where: ToldFilter, *, limit: int = 50, cursor: str | None = None) -> ToldPage:
        self._check()
        before = Cursor.parse(cursor) if cursor is not None else None
        with self._lock:
            found = [item for item in self._notifications.values() if _matches(item, where, before)]
        found.sort(key=lambda item: (item.created_at, item.id), reverse=True)
        last = found[limit - 1] if len(found) > limit else None
        items = tuple(self._told(item) for item in found[:limit])
        return ToldPage(items, str(Cursor(last.created_at, last.id)) if last else None)

    def find(self, notification_id: UUID) -> Told | None:
        self._check()
        item = self._notifications.get(notification_id)
        return self._told(item) if item else None

    def overdue(self, before: datetime) -> int:
        self._check()
        with self._lock:
            return sum(
                item.state in _OPEN and item.urgency is Urgency.HIGH and item.created_at < before
                for item in self._notifications.values()
            )

    def paged(self, incident_id: UUID) -> tuple[str, ...]:
        """Who got a page for this incident, or is getting one."""
        with self._lock:
            found = {
                item.recipient
                for item in self._notifications.values()
                if item.incident_id == incident_id and item.kind is Kind.PAGE and item.state in _GOT
            }
        return tuple(sorted(found))

    def cancel(self, incident_id: UUID) -> None:
        """Nobody needs to be paged for this incident any more, or to hear that somebody is at it."""
        with self._lock:
            for item in list(self._notifications.values()):
                waits = item.state is NotificationState.PENDING and item.kind in _CANCELLED
                if item.incident_id == incident_id and waits:
                    self._notifications[item.id] = replace(item, state=NotificationState.CANCELLED)

    def _waits(self, item: Notification, now: datetime) -> bool:
        if item.state is NotificationState.SENDING:
            return self._leases[item.id] <= now
        return item.state is NotificationState.PENDING and item.due_at <= now

    def _open_to(self, waiting: Sequence[Notification], now: datetime) -> set[str]:
        lately = {
            (self._notifications[attempt.notification_id].recipient, attempt.started_at, attempt.key)
            for attempts in self._attempts.values()
            for attempt in attempts
            if attempt.started_at > now - BURST_WINDOW
        }
        messages = Counter(recipient for recipient, _, _ in lately)
        return {
            item.recipient
            for item in waiting
            if messages[item.recipient] < BURST or item.due_at <= now - GATHER
        }

    def _begin(self, item: Notification, now: datetime) -> Notification:
        attempts = self._attempts.setdefault(item.id, [])
        if item.state is NotificationState.SENDING:
            attempts[-1] = replace(attempts[-1], outcome=AttemptOutcome.INTERRUPTED, ended_at=now)
        taken = replace(item, state=NotificationState.SENDING, attempts=item.attempts + 1)
        method = item.method
        target = redacted_target(method.target)
        attempts.append(Attempt(item.id, taken.attempts, method.channel, target, item.key, now))
        self._leases[item.id] = now + LEASE
        self._notifications[item.id] = taken
        return taken

    def _finish(self, item: Finished) -> None:
        attempts = self._attempts[item.after.id]
        place = item.after.attempts - 1
        attempts[place] = replace(attempts[place], outcome=item.outcome, answer=item.answer, ended_at=item.at)
        present = self._notifications[item.after.id]
        if present.state is NotificationState.SENDING and present.attempts == item.after.attempts:
            self._notifications[item.after.id] = item.after
            if item.after.state is NotificationState.FAILED and item.after.incident_id:
                self.gave_up(item.after.incident_id, item.at)

    def _told(self, item: Notification) -> Told:
        return Told(item, tuple(self._attempts.get(item.id, ())))


def _rank(item: Notification) -> tuple[bool, bool, datetime, UUID]:
    return (item.urgency is not Urgency.HIGH, item.attempts > 0, item.due_at, item.id)


def _matches(item: Notification, where: ToldFilter, before: Cursor | None) -> bool:
    return (
        where.state in (None, item.state)
        and where.recipient in (None, item.recipient)
        and where.incident_id in (None, item.incident_id)
        and (before is None or (item.created_at, item.id) < (before.started_at, before.id))
    )
