"""Guards and decisions in Postgres: their rows, and the port `RemediationStore`."""

import json
from typing import Any
from uuid import UUID

from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.rows import Row, storable
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.guards import Guard
from incidentops.messages.remediation_json import (
    decision_from_json,
    decision_to_json,
    guard_from_json,
    guard_to_json,
)
from incidentops.ports.remediation import DecisionFilter

SQL = "remediation.sql"


def guard_row(guard: Guard) -> Row:
    """The parameters of `save_guard`."""
    return {"service": storable(guard.service), "at": guard.at, "record": _json(guard_to_json(guard))}


def decision_row(decision: DecisionRow) -> Row:
    """The parameters of `save_decision`."""
    return {
        "id": decision.id,
        "at": decision.at,
        "service": storable(decision.service),
        "policy": decision.policy,
        "kind": decision.kind.value,
        "record": _json(decision_to_json(decision)),
    }


class PostgresRemediation:
    """Reads over a link that somebody else starts and closes."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def decisions(
        self, where: DecisionFilter, *, limit: int = 50, before: UUID | None = None
    ) -> list[DecisionRow]:
        parameters = {
            "service": where.service,
            "policy": where.policy,
            "kind": where.kind.value if where.kind else None,
            "before": before,
            "limit": limit,
        }
        return [decision_from_json(record) for record in self._records("page_of_decisions", parameters)]

    def guards(self) -> dict[str, Guard]:
        guards = [guard_from_json(record) for record in self._records("guards", {})]
        return {guard.service: guard for guard in guards}

    def _records(self, name: str, parameters: Row) -> list[Any]:
        statement = query(name, SQL)
        rows = self._link.call(lambda connection: connection.execute(statement, parameters).fetchall())
        return [row["record"] for row in rows]


def _json(value: dict[str, Any]) -> str:
    """jsonb takes no NUL, which engines' error texts may carry."""
    return json.dumps(value).replace("\\u0000", "\\ufffd")
