"""The port `IncidentStore` on Postgres, and the intake of signals that `Records` stands on."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from msgspec import structs

from incidentops.adapters.postgres.connection import (
    DeadlineConnection,
    statements_within,
    streamed_within,
)
from incidentops.adapters.postgres.incident_rows import (
    Row,
    alert_of,
    entry_of,
    heartbeat_of,
    incident_of,
    rules_of,
)
from incidentops.adapters.postgres.ingestion import FILE as INTAKE
from incidentops.adapters.postgres.ingestion import Ingestion, KnownRules, write_scene
from incidentops.adapters.postgres.link import Link, T, Work
from incidentops.adapters.postgres.queries import query
from incidentops.domain.alerts import Alert, SignalBatch
from incidentops.domain.correlation import Scene
from incidentops.domain.correlation.merge import merge
from incidentops.domain.correlation.reopen import reopen
from incidentops.domain.heartbeats import SOURCE as HEARTBEAT_SOURCE
from incidentops.domain.incident_edits import edited
from incidentops.domain.incidents import (
    ChangeKind,
    Edit,
    Incident,
    IncidentChange,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
    UnknownIncident,
)
from incidentops.messages.ids import first_at, ordered_ids
from incidentops.ports.incidents import (
    AlertFilter,
    AlertPage,
    Committed,
    Heartbeat,
    IncidentFilter,
    IncidentPage,
    Listener,
    Noise,
    RulesChanged,
    Statistics,
    StoredRules,
    Volume,
)

FILE = "incidents.sql"
SLOW_SECONDS = 5.0
"""What a count over a long period may take, and an edit while a storm is taken in."""

_HISTORY_PAGE = 2000
_BY_HOUR = timedelta(days=2)


class PostgresIncidents:
    """Thread-safe, on the store's own link. Listeners are told after the commit."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._listeners: list[Listener] = []
        self._new_id = ordered_ids()
        self._rules = KnownRules()

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    # --- intake ------------------------------------------------------------------------------------------

    def ingest(self, connection: DeadlineConnection, batches: Sequence[SignalBatch]) -> Committed:
        """Store batches in the transaction that the connection is in; `tell` of it after the commit."""
        return Ingestion(connection, self._rules, self._new_id).store(batches)

    def tell(self, committed: Committed) -> None:
        for listener in self._listeners:
            listener(committed)

    # --- reads -------------------------------------------------------------------------------------------

    def incidents(self, where: IncidentFilter, *, limit: int = 50, cursor: str | None = None) -> IncidentPage:
        parameters = {
            "statuses": sorted(set(where.statuses or ())),
            "severity": where.severity,
            "service": where.service,
            "team": where.team,
            "assignee": where.assignee,
            "since": where.since,
            "until": where.until,
            "before": int(cursor) if cursor is not None else None,
            "limit": limit + 1,  # one more tells whether there is a next page
        }
        page = "page_of_incidents_by_status" if where.statuses else "page_of_incidents"
        rows = self._rows(page, parameters)
        items = tuple(incident_of(row) for row in islice(rows, limit))
        return IncidentPage(items, str(items[-1].number) if len(rows) > limit else None)

    def alerts(self, where: AlertFilter, *, limit: int = 50, cursor: str | None = None) -> AlertPage:
        parameters = {
            "status": where.status,
            "severity": where.severity,
            "service": where.service,
            "source": where.source,
            "incident_id": where.incident_id,
            "before": UUID(cursor) if cursor is not None else None,
            "limit": limit + 1,
        }
        read = self._rows_of_many if where.severity or where.source else self._rows
        rows = read("page_of_alerts", parameters)
        items = tuple(alert_of(row) for row in islice(rows, limit))
        return AlertPage(items, str(items[-1].id) if len(rows) > limit else None)

    def incident(self, reference: UUID | int) -> Incident:
        if isinstance(reference, UUID):
            rows = self._rows("incident_by_id", {"id": reference})
        else:
            rows = self._rows("incident_by_number", {"number": reference})
        if not rows:
            raise UnknownIncident(str(reference))
        return incident_of(rows[0])

    def alert(self, alert_id: UUID) -> Alert | None:
        rows = self._rows("alert_by_id", {"id": alert_id})
        return alert_of(rows[0]) if rows else None

    def timeline(self, incident_id: UUID, *, limit: int = 500) -> list[TimelineEntry]:
        rows = self._rows("timeline", {"id": incident_id, "limit": limit})
        return [entry_of(row) for row in reversed(rows)]

    def merged(self, incident_id: UUID) -> list[Incident]:
        return [incident_of(row) for row in self._rows("merged_incidents", {"id": incident_id})]

    def unresolved_of(self, services: Collection[str]) -> dict[str, int]:
        rows = self._rows("unresolved_of_services", {"services": list(services)})
        return {row["service"]: row["number"] for row in rows}

    def count_by_status(self) -> dict[IncidentStatus, int]:
        rows = self._slowly(lambda connection: connection.execute(query("count_by_status", FILE)).fetchall())
        return {IncidentStatus(row["status"]): row["count"] for row in rows}

    def statistics(self, since: datetime, until: datetime) -> Statistics:
        period = {"since": since, "until": until}
        step = "hour" if until - since <= _BY_HOUR else "day"

        def read(connection: DeadlineConnection) -> Statistics:
            def rows(name: str, **more: Any) -> list[Row]:
                return list(connection.execute(query(name, FILE), period | more).fetchall())

            counts = rows("count_by_severity_and_status")
            return Statistics(
                **_numbers(rows("totals")[0]),
                by_severity=_summed(counts, "severity"),
                by_status=_summed(counts, "status"),
                volume=tuple(Volume(**_numbers(row)) for row in rows("volume", step=step)),
                noisiest=tuple(Noise(**row) for row in rows("noisiest_services")),
            )

        return self._slowly(read)

    def settling(self, at: datetime) -> list[UUID]:
        return [row["id"] for row in self._rows("settling", {"at": at})]

    def expired_leases(self, at: datetime, *, limit: int) -> list[tuple[str, str]]:
        rows = self._rows("expired_leases", {"at": at, "limit": limit})
        return [(row["source"], row["dedup_key"]) for row in rows]

    def missing_beats(self, at: datetime, *, limit: int) -> list[Heartbeat]:
        parameters = {"at": at, "limit": limit, "source": HEARTBEAT_SOURCE}
        return [heartbeat_of(row) for row in self._rows("missing_beats", parameters)]

    def heartbeats(self) -> list[Heartbeat]:
        return [heartbeat_of(row) for row in self._rows("all_heartbeats", {})]

    def history(self, since: datetime, until: datetime) -> Iterator[Alert]:
        first, last = first_at(since), first_at(until)
        while True:
            parameters = {"first": first, "last": last, "limit": _HISTORY_PAGE}
            page = [alert_of(row) for row in self._rows("alerts_between", parameters)]
            yield from page
            if len(page) < _HISTORY_PAGE:
                return
            first = UUID(int=page[-1].id.int + 1)

    def story(
        self, since: datetime, until: datetime, kinds: Collection[TimelineKind], *, limit: int
    ) -> list[TimelineEntry]:
        parameters = {"since": since, "until": until, "kinds": list(kinds), "limit": limit}
        statement = query("story", FILE)
        rows = self._slowly(lambda connection: connection.execute(statement, parameters).fetchall())
        return [entry_of(row) for row in rows]

    # --- writes ------------------------------------------------------------------------------------------

    def open(self, incident: Incident, timeline: Sequence[TimelineEntry]) -> Incident:
        def write(connection: DeadlineConnection) -> Committed:
            if _found(connection, incident.id) is not None:
                return Committed()
            scene = Scene(timeline=list(timeline))
            scene.put_incident(incident, new=True)
            scene.changes.append(IncidentChange(incident.id, ChangeKind.CREATED, incident.created_at))
            return write_scene(connection, scene)

        committed = self._written(write)
        return committed.opened[0] if committed.opened else self.incident(incident.id)

    def edit(self, incident_id: UUID, edit: Edit) -> Incident:
        def write(connection: DeadlineConnection) -> Committed:
            connection.execute(query("lock_intake", INTAKE))
            result = edited(_locked(connection, incident_id), edit)
            scene = Scene(timeline=result.timeline, changes=result.changes)
            scene.put_incident(
                structs.replace(result.incident, open_alerts=0) if result.ends_alerts else result.incident
            )
            ended = _end_alerts(connection, incident_id, edit) if result.ends_alerts else ()
            return replace(write_scene(connection, scene), alert_ids=ended)

        return self._committed(write, incident_id)

    def merge(self, child: UUID, root: UUID, edit: Edit) -> Incident:
        def write(connection: DeadlineConnection) -> Committed:
            connection.execute(query("lock_intake", INTAKE))
            scene = Scene()
            scene.know([], [_locked(connection, incident_id) for incident_id in (child, root)])
            merge(scene, scene.incidents[child], scene.incidents[root], edit)
            return write_scene(connection, scene)

        return self._committed(write, root)

    def reopen(self, incident_id: UUID, edit: Edit) -> Incident:
        def write(connection: DeadlineConnection) -> Committed:
            connection.execute(query("lock_intake", INTAKE))
            before = _locked(connection, incident_id)
            if connection.execute(query("follower", FILE), {"id": incident_id}).fetchone():
                return Committed()
            scene = Scene()
            reopen(scene, before, edit, self._new_id())
            return write_scene(connection, scene)

        committed = self._written(write)
        if committed.opened:
            return committed.opened[0]
        return incident_of(self._rows("follower", {"id": incident_id})[0])

    def forget_heartbeat(self, name: str) -> bool:
        return bool(self._rows("forget_heartbeat", {"name": name}))

    def forget_old_messages(self) -> None:
        """Drop the ids of batches and messages that nobody repeats any more."""

        def delete(connection: DeadlineConnection) -> None:
            for name in ("forget_batches", "forget_messages"):
                connection.execute(query(name, INTAKE))

        self._slowly(delete)

    # --- rules -------------------------------------------------------------------------------------------

    def rules(self) -> StoredRules | None:
        row = self._link.call(lambda connection: connection.execute(query("newest_rules", INTAKE)).fetchone())
        return rules_of(row) if row else None

    def save_rules(
        self,
        document: Mapping[str, Any],
        source: str,
        actor: str,
        at: datetime,
        *,
        expected: int | None = None,
    ) -> StoredRules:
        parameters = {"document": json.dumps(document), "source": source, "actor": actor, "at": at}
        rows = self._rows("save_rules", parameters | {"expected": expected})
        if not rows:
            raise RulesChanged(f"The rules no longer stand at version {expected}: read them again.")
        return rules_of(rows[0])

    # --- inside ------------------------------------------------------------------------------------------

    def _rows_of_many(self, name: str, parameters: Row) -> list[Row]:
        """As `_rows`, for filters without an index of their own: what fits may be rare."""

        def read(connection: DeadlineConnection) -> list[Row]:
            return list(connection.execute(query(name, FILE), parameters, prepare=False).fetchall())

        return self._slowly(read)

    def _written(self, write: Callable[[DeadlineConnection], Committed]) -> Committed:
        """May have to wait for intake."""

        def stream(connection: DeadlineConnection) -> Committed:
            with streamed_within(connection, SLOW_SECONDS):
                return write(connection)

        committed = self._link.call(stream, seconds=SLOW_SECONDS)
        self.tell(committed)
        return committed

    def _committed(self, write: Callable[[DeadlineConnection], Committed], incident_id: UUID) -> Incident:
        committed = self._written(write)
        return next(item for item in committed.incidents if item.id == incident_id)

    def _rows(self, name: str, parameters: Row) -> list[Row]:
        """The best plan depends on the filters, so no generic one may be kept."""

        def read(connection: DeadlineConnection) -> list[Row]:
            return list(connection.execute(query(name, FILE), parameters, prepare=False).fetchall())

        return self._link.call(read)

    def _slowly(self, work: Work[T]) -> T:
        """For what reads much."""

        def patient(connection: DeadlineConnection) -> T:
            with statements_within(connection, SLOW_SECONDS):
                return work(connection)

        return self._link.call(patient, seconds=SLOW_SECONDS)


def _end_alerts(connection: DeadlineConnection, incident_id: UUID, edit: Edit) -> tuple[UUID, ...]:
    """End what is still open of an incident; returns the ids."""
    rows = connection.execute(query("end_alerts", INTAKE), {"id": incident_id, "at": edit.at}).fetchall()
    return tuple(row["id"] for row in rows)


def _found(connection: DeadlineConnection, incident_id: UUID) -> Row | None:
    return connection.execute(query("lock_incident", FILE), {"id": incident_id}).fetchone()


def _locked(connection: DeadlineConnection, incident_id: UUID) -> Incident:
    row = _found(connection, incident_id)
    if row is None:
        raise UnknownIncident(str(incident_id))
    return incident_of(row)


def _numbers(row: Row) -> dict[str, Any]:
    """Numeric columns as Python's own numbers."""
    return {
        key: float(value) if key.endswith("_seconds") and value is not None else value
        for key, value in row.items()
    }


def _summed(rows: list[Row], key: str) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in rows:
        total[row[key]] = total.get(row[key], 0) + row["count"]
    return total
