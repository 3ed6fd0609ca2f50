"""Faults in Postgres: their row, and the port `FaultStore`."""

import re
from uuid import UUID

from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.rows import Row
from incidentops.domain.faults import Fault
from incidentops.messages.fault_json import fault_from_json, fault_to_text
from incidentops.ports.faults import FaultFilter

SQL = "faults.sql"
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""The escape of NUL in JSON, which Postgres does not take; engines' error texts may carry one."""


def fault_row(fault: Fault) -> Row:
    """The parameters of `save_fault`."""
    return {
        "id": fault.id,
        "service": fault.service,
        "state": fault.state.value,
        "run_id": fault.run_id,
        "requested_at": fault.requested_at,
        "revision": fault.revision,
        "record": _NUL.sub(r"\1\\ufffd", fault_to_text(fault)),
    }


class PostgresFaults:
    """Reads over a link that somebody else starts and closes."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def faults(self, where: FaultFilter, *, limit: int = 50, before: UUID | None = None) -> list[Fault]:
        parameters = {
            "service": where.service,
            "state": where.state.value if where.state else None,
            "run_id": where.run_id,
            "before": before,
            "limit": limit,
        }
        return self._read("page_of_faults", parameters)

    def fault(self, fault_id: UUID) -> Fault | None:
        return next(iter(self._read("fault_by_id", {"id": fault_id})), None)

    def _read(self, name: str, parameters: Row) -> list[Fault]:
        statement = query(name, SQL)
        rows = self._link.call(lambda connection: connection.execute(statement, parameters).fetchall())
        return [fault_from_json(row["record"]) for row in rows]
