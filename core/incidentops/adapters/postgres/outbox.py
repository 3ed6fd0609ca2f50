"""The port `Outbox` on Postgres."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from incidentops.adapters.postgres.cursor import Cursor
from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.rows import Row
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
from incidentops.ports.outbox import LEASE, Finished, ToldFilter, ToldPage

_NOTIFICATION = TypeAdapter(Notification)
_METHODS = TypeAdapter(tuple[ContactMethod, ...])


class PostgresOutbox:
    """Thread-safe, on the store's own link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def enqueue(self, notifications: Sequence[Notification]) -> None:
        self._execute("enqueue", notifications=notifications_json(notifications))

    def claim(self, now: datetime, *, limit: int = 50) -> list[Notification]:
        rows = self._rows(
            "claim_notifications",
            now=now,
            lease_until=now + LEASE,
            burst=BURST,
            burst_since=now - BURST_WINDOW,
            gathered_since=now - GATHER,
            limit=limit,
        )
        return [notification_of(row) for row in rows]

    def finish(self, results: Sequence[Finished]) -> None:
        self._execute("finish_attempts", results=Jsonb([_result(item) for item in results]))

    def told(self, where: ToldFilter, *, limit: int = 50, cursor: str | None = None) -> ToldPage:
        before = Cursor.parse(cursor) if cursor is not None else None
        rows = self._rows(
            "page_of_notifications",
            state=where.state,
            recipient=where.recipient,
            incident_id=where.incident_id,
            before_at=before.started_at if before else None,
            before_id=before.id if before else None,
            limit=limit + 1,
        )
        items = self._with_attempts([notification_of(row) for row in islice(rows, limit)])
        last = items[-1].notification if len(rows) > limit else None
        return ToldPage(items, str(Cursor(last.created_at, last.id)) if last else None)

    def find(self, notification_id: UUID) -> Told | None:
        rows = self._rows("notification_by_id", id=notification_id)
        return self._with_attempts([notification_of(row) for row in rows])[0] if rows else None

    def overdue(self, before: datetime) -> int:
        return int(self._rows("overdue_notifications", before=before)[0]["overdue"])

    def _with_attempts(self, notifications: Sequence[Notification]) -> tuple[Told, ...]:
        attempts: dict[UUID, list[Attempt]] = defaultdict(list)
        known = {item.id: item for item in notifications}
        for row in self._rows("attempts_of", ids=list(known)):
            attempts[row["notification_id"]].append(_attempt_of(row, known[row["notification_id"]]))
        return tuple(Told(item, tuple(attempts[item.id])) for item in notifications)

    def _execute(self, name: str, **parameters: Any) -> None:
        self._link.call(lambda connection: connection.execute(query(name, "outbox.sql"), parameters))

    def _rows(self, name: str, **parameters: Any) -> Sequence[Row]:
        statement = query(name, "outbox.sql")
        return self._link.call(lambda connection: connection.execute(statement, parameters).fetchall())


def notifications_json(notifications: Sequence[Notification]) -> Jsonb:
    """The parameter of every statement that enqueues."""
    return Jsonb([_NOTIFICATION.dump_python(item, mode="json") for item in notifications])


def notification_of(row: Row) -> Notification:
    delivered_at = row["delivered_at"]
    return Notification(
        id=row["id"],
        kind=Kind(row["kind"]),
        recipient=row["recipient"],
        urgency=Urgency(row["urgency"]),
        subject=row["subject"],
        body=row["body"],
        methods=_METHODS.validate_python(row["methods"]),
        created_at=row["created_at"].astimezone(UTC),
        due_at=row["due_at"].astimezone(UTC),
        incident_id=row["incident_id"],
        state=NotificationState(row["state"]),
        position=row["position"],
        attempts=row["attempts"],
        delivered_at=delivered_at.astimezone(UTC) if delivered_at else None,
    )


def _attempt_of(row: Row, notification: Notification) -> Attempt:
    method = notification.methods[row["place"]]
    return Attempt(
        notification_id=row["notification_id"],
        number=row["number"],
        channel=method.channel,
        target=redacted_target(method.target),
        key=row["key"],
        started_at=row["started_at"].astimezone(UTC),
        outcome=AttemptOutcome(row["outcome"]),
        ended_at=row["ended_at"].astimezone(UTC) if row["ended_at"] else None,
        answer=row["answer"],
    )


def _result(item: Finished) -> dict[str, Any]:
    after = _NOTIFICATION.dump_python(item.after, mode="json")
    return {
        **{key: after[key] for key in ("id", "state", "position", "due_at", "delivered_at")},
        "number": item.after.attempts,
        "outcome": item.outcome.value,
        "answer": item.answer,
        "ended_at": item.at.isoformat(),
    }
