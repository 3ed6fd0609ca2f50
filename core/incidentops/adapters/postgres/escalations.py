"""The port `Escalations` on Postgres."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.outbox import notifications_json
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.rows import Row
from incidentops.domain.incidents import Incident
from incidentops.domain.oncall.escalations import Escalation
from incidentops.domain.oncall.paging import Pending
from incidentops.ports.escalations import Move

_ESCALATION = TypeAdapter(Escalation)


class PostgresEscalations:
    """Thread-safe, on the store's own link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def changed(self, *, limit: int = 100) -> list[Pending]:
        return [_pending(row) for row in self._rows("changed_incidents", limit=limit)]

    def due(self, now: datetime, *, limit: int = 100) -> list[Pending]:
        return [_pending(row) for row in self._rows("due_escalations", now=now, limit=limit)]

    def commit(self, moves: Sequence[Move]) -> frozenset[UUID]:
        rows = self._rows(
            "commit_moves",
            moves=Jsonb([_move(move) for move in moves]),
            notes=Jsonb([note for move in moves for note in _notes(move)]),
            notifications=notifications_json([item for move in moves for item in move.notifications]),
        )
        return frozenset(row["incident_id"] for row in rows)

    def find(self, incident_id: UUID) -> Escalation | None:
        return _first(self._rows("escalation_of", incident_id=incident_id))

    def hurry(self, incident_id: UUID, at: datetime) -> Escalation | None:
        return _first(self._rows("hurry", incident_id=incident_id, at=at))

    def troubled(self) -> frozenset[str]:
        return frozenset(row["service"] for row in self._rows("troubled_services"))

    def overdue(self, before: datetime) -> int:
        return int(self._rows("overdue_escalations", before=before)[0]["overdue"])

    def _rows(self, name: str, **parameters: Any) -> Sequence[Row]:
        statement = query(name, "escalations.sql")
        return self._link.call(lambda connection: connection.execute(statement, parameters).fetchall())


def _pending(row: Row) -> Pending:
    return Pending(
        incident=msgspec.convert(row["incident"], Incident),
        escalation=_ESCALATION.validate_python(row["escalation"]) if row["escalation"] else None,
        change_ids=tuple(row["change_ids"]),
        alerts=tuple(row["alerts"]),
        paged=tuple(row["paged"]),
        moved_by=row["moved_by"] or "",
    )


def _first(rows: Sequence[Row]) -> Escalation | None:
    return _ESCALATION.validate_python(rows[0]["escalation"]) if rows else None


def _move(move: Move) -> dict[str, Any]:
    before = move.pending.escalation
    after = _ESCALATION.dump_python(move.after, mode="json") if move.after else {}
    return {
        **after,
        "incident_id": str(move.pending.incident.id),
        "kept": move.after is not None,
        "expected": before.revision if before else None,
        "change_ids": list(move.pending.change_ids),
        "cancels": move.cancels,
    }


def _notes(move: Move) -> list[dict[str, Any]]:
    incident_id, at = str(move.pending.incident.id), move.at.isoformat()
    return [
        {"incident_id": incident_id, "at": at, "text": text, "place": place}
        for place, text in enumerate(move.notes)
    ]
