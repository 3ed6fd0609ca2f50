"""The ports `Chronicle` and `EvidenceStore` on Postgres."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from incidentops.adapters.postgres.cursor import Cursor
from incidentops.adapters.postgres.incident_rows import incident_of
from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.rows import Row
from incidentops.domain.evidence import Evidence, Moment
from incidentops.domain.happenings import Happening, HappeningKind
from incidentops.messages.ids import first_at
from incidentops.ports.chronicle import HappeningPage, Period
from incidentops.ports.evidence import Lacking

SQL = "story.sql"
_EVIDENCE: TypeAdapter[Evidence] = TypeAdapter(Evidence)
_CLOCKS = timedelta(seconds=1)
"""The id of a decision may be made that much before or after its time."""


class PostgresChronicle:
    """Thread-safe, on the store's own link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def happenings(self, where: Period, *, limit: int = 50, cursor: str | None = None) -> HappeningPage:
        before = Cursor.parse(cursor) if cursor is not None else None
        parameters = {
            "services": list(where.services),
            "since": where.since,
            "until": where.until,
            "first_id": first_at(where.since - _CLOCKS),
            "last_id": first_at(where.until + _CLOCKS),
            "before_at": before.started_at if before else None,
            "before_id": before.id if before else None,
            "limit": limit + 1,  # one more tells whether there is a next page
        }
        rows = _rows(self._link, "page_of_happenings", parameters)
        items = tuple(_happening_of(row) for row in islice(rows, limit))
        last = items[-1] if len(rows) > limit else None
        return HappeningPage(items, str(Cursor(last.at, last.id)) if last else None)


class PostgresEvidence:
    """Thread-safe, on the store's own link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def lacking(self, since: datetime, *, limit: int) -> list[Lacking]:
        rows = _rows(self._link, "incidents_lacking_evidence", {"since": since, "limit": limit})
        return [Lacking(incident_of(row), Moment(row["moment"])) for row in rows]

    def keep(self, taken: Sequence[Evidence]) -> None:
        parameters = {"rows": json.dumps([_row(item) for item in taken]).replace("\\u0000", "\\ufffd")}
        statement = query("keep_evidence", SQL)
        self._link.call(lambda connection: connection.execute(statement, parameters))

    def evidence(self, incident_id: UUID) -> list[Evidence]:
        rows = _rows(self._link, "evidence_of", {"id": incident_id})
        return [_EVIDENCE.validate_python(row["document"]) for row in rows]


def _rows(link: Link, name: str, parameters: Row) -> list[Row]:
    """The best plan depends on the parameters, so no generic one may be kept."""
    statement = query(name, SQL)
    return link.call(
        lambda connection: list(connection.execute(statement, parameters, prepare=False).fetchall())
    )


def _happening_of(row: Row) -> Happening:
    return Happening(
        kind=HappeningKind(row["kind"]),
        id=row["id"],
        at=row["at"].astimezone(UTC),
        ended_at=row["ended_at"].astimezone(UTC) if row["ended_at"] else None,
        service=row["service"],
        what=row["what"],
        outcome=row["outcome"],
        by=row["by"],
        text=row["text"],
        run_id=row["run_id"],
    )


def _row(item: Evidence) -> dict[str, Any]:
    return {
        "incident_id": str(item.incident_id),
        "moment": item.moment.value,
        "taken_at": item.taken_at.isoformat(),
        "document": _EVIDENCE.dump_python(item, mode="json"),
    }
