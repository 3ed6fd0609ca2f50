"""The port `Directory` on Postgres: a row per entry, its parts as one JSON document."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.rows import Row
from incidentops.domain.oncall.contacts import Contact
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.oncall.schedules import Schedule
from incidentops.domain.suppression.silences import Silence
from incidentops.domain.suppression.verdict import Suppressions
from incidentops.domain.suppression.windows import MaintenanceWindow
from incidentops.ports.oncall import E, Entry, EntryChanged, Kept

_ADAPTERS: Mapping[type[Entry], TypeAdapter[Any]] = {
    kind: TypeAdapter(kind)
    for kind in (User, Team, Schedule, EscalationPolicy, MaintenanceWindow, Silence, Contact)
}
_NAMES: Mapping[type[Entry], str] = {
    User: "user",
    Team: "team",
    Schedule: "schedule",
    EscalationPolicy: "policy",
    MaintenanceWindow: "window",
    Silence: "silence",
    Contact: "contact",
}


class PostgresDirectory:
    """Thread-safe, on the store's own link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def all(self, kind: type[E]) -> list[Kept[E]]:
        return [_kept(kind, row) for row in self._rows("entries", kinds=[_NAMES[kind]])]

    def find(self, kind: type[E], name: str) -> Kept[E] | None:
        rows = self._rows("entry", kind=_NAMES[kind], name=name)
        return _kept(kind, rows[0]) if rows else None

    def put(self, entry: Entry, actor: str, at: datetime, *, expected: int | None = None) -> int:
        kind = type(entry)
        rows = self._rows(
            "put_entry",
            kind=_NAMES[kind],
            name=entry.name,
            document=Jsonb(_ADAPTERS[kind].dump_python(entry, mode="json")),
            actor=actor,
            at=at,
            expected=expected,
        )
        if not rows:
            found = self.find(cast("type[User]", kind), entry.name)
            raise EntryChanged(entry.name, found.revision if found else 0)
        return int(rows[0]["revision"])

    def remove(self, kind: type[E], name: str, *, expected: int | None = None) -> bool:
        if self._rows("remove_entry", kind=_NAMES[kind], name=name, expected=expected):
            return True
        if found := self.find(kind, name):
            raise EntryChanged(name, found.revision)
        return False

    def roster(self) -> Roster:
        rows = self._rows("entries", kinds=["user", "team", "schedule", "policy"])
        return Roster(
            _by_name(User, rows),
            _by_name(Team, rows),
            _by_name(Schedule, rows),
            _by_name(EscalationPolicy, rows),
        )

    def suppressions(self) -> Suppressions:
        rows = self._rows("entries", kinds=["window", "silence"])
        return Suppressions(
            tuple(_by_name(MaintenanceWindow, rows).values()), tuple(_by_name(Silence, rows).values())
        )

    def _rows(self, statement_name: str, /, **parameters: Any) -> Sequence[Row]:
        statement = query(statement_name, "directory.sql")
        return self._link.call(lambda connection: connection.execute(statement, parameters).fetchall())


def _kept(kind: type[E], row: Row) -> Kept[E]:
    at = row["changed_at"].astimezone(UTC)
    return Kept(_ADAPTERS[kind].validate_python(row["document"]), row["revision"], row["changed_by"], at)


def _by_name(kind: type[E], rows: Sequence[Row]) -> dict[str, E]:
    return {
        row["name"]: _ADAPTERS[kind].validate_python(row["document"])
        for row in rows
        if row["kind"] == _NAMES[kind]
    }
