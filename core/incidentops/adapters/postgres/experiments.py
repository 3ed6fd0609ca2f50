"""Experiments, their runs and schedules in Postgres: the rows, and the port `ExperimentStore`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from incidentops.adapters.postgres.connection import DeadlineConnection
from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.probe_query import ask_read_only
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.rows import Row
from incidentops.domain.experiments.document import Scalar
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import Entry, Run, RunEntries
from incidentops.domain.experiments.schedules import Schedule

SQL = "experiments.sql"


def run_row(run: Run) -> Row:
    """The parameters of `save_run`."""
    return {
        "id": run.id,
        "experiment": run.experiment.name,
        "requested_at": run.requested_at,
        "heard_at": run.heard_at,
        "verdict": run.verdict.value if run.verdict else None,
        "record": _storable(run.model_dump_json(exclude={"number"})),
    }


def entries_row(told: RunEntries) -> Row:
    """The parameters of `save_entries`."""
    entries = ",".join(entry.model_dump_json(exclude_none=True) for entry in told.entries)
    return {"run_id": told.run_id, "entries": _storable(f"[{entries}]")}


class PostgresExperiments:
    """Reads and writes over a link that somebody else starts and closes; `url` opens the connections of
    probes."""

    def __init__(self, link: Link, url: str) -> None:
        self._link, self._url = link, url

    def experiments(self) -> list[Experiment]:
        return [Experiment.model_validate(row["document"]) for row in self._rows("experiments", {})]

    def add(self, experiment: Experiment, at: datetime) -> bool:
        return bool(self._rows("add_experiment", _experiment_row(experiment, at)))

    def put(self, experiment: Experiment, at: datetime) -> None:
        self._do("put_experiment", _experiment_row(experiment, at))

    def remove(self, name: str) -> bool:
        return bool(self._rows("remove_experiment", {"name": name}))

    def run(self, run_id: UUID) -> Run | None:
        return next(iter(self._runs("run_by_id", {"id": run_id})), None)

    def run_by_number(self, number: int) -> Run | None:
        return next(iter(self._runs("run_by_number", {"number": number})), None)

    def runs(self, experiment: str | None = None, *, limit: int = 50, before: int | None = None) -> list[Run]:
        return self._runs("page_of_runs", {"experiment": experiment, "limit": limit, "before": before})

    def last_runs(self) -> Mapping[str, Run]:
        return {run.experiment.name: run for run in self._runs("last_runs", {})}

    def open_runs(self) -> list[Run]:
        return self._runs("open_runs", {})

    def entries(self, run_id: UUID) -> list[Entry]:
        return [Entry.model_validate(row["entry"]) for row in self._rows("entries", {"id": run_id})]

    def schedules(self, experiment: str | None = None) -> list[Schedule]:
        return [_schedule_of(row) for row in self._rows("schedules", {"experiment": experiment})]

    def put_schedule(self, schedule: Schedule) -> None:
        self._do("put_schedule", _schedule_row(schedule))

    def change_schedule(self, schedule_id: UUID, change: Callable[[Schedule], Schedule]) -> Schedule | None:
        return self._link.call(lambda connection: _change_schedule(connection, schedule_id, change))

    def remove_schedule(self, schedule_id: UUID) -> bool:
        return bool(self._rows("remove_schedule", {"id": schedule_id}))

    def claim_due(self, now: datetime) -> list[Schedule]:
        return self._link.call(lambda connection: _claim_due(connection, now))

    def query(self, sql: str, timeout_seconds: float) -> Scalar:
        return ask_read_only(self._url, sql, timeout_seconds)

    def _runs(self, name: str, parameters: Row) -> list[Run]:
        return [_run_of(row) for row in self._rows(name, parameters)]

    def _rows(self, name: str, parameters: Row) -> Sequence[Row]:
        statement = query(name, SQL)
        return self._link.call(lambda connection: connection.execute(statement, parameters).fetchall())

    def _do(self, name: str, parameters: Row) -> None:
        self._link.call(lambda connection: connection.execute(query(name, SQL), parameters))


def _claim_due(connection: DeadlineConnection, now: datetime) -> list[Schedule]:
    with connection.transaction():
        rows = connection.execute(query("due_schedules", SQL), {"now": now}).fetchall()
        due = [_schedule_of(row) for row in rows]
        for schedule in due:
            connection.execute(query("put_schedule", SQL), _schedule_row(schedule.advanced(now)))
    return due


def _change_schedule(
    connection: DeadlineConnection, schedule_id: UUID, change: Callable[[Schedule], Schedule]
) -> Schedule | None:
    with connection.transaction():
        row = connection.execute(query("schedule_to_change", SQL), {"id": schedule_id}).fetchone()
        if row is None:
            return None
        changed = change(_schedule_of(row))
        connection.execute(query("put_schedule", SQL), _schedule_row(changed))
    return changed


def _experiment_row(experiment: Experiment, at: datetime) -> Row:
    return {"name": experiment.name, "document": _storable(experiment.model_dump_json()), "at": at}


def _run_of(row: Row) -> Run:
    return Run.model_validate(row["record"] | {"number": row["number"]})


def _schedule_row(schedule: Schedule) -> Row:
    return {
        "id": schedule.id,
        "experiment": schedule.experiment,
        "next_at": schedule.next_at,
        "record": _storable(schedule.model_dump_json()),
    }


def _schedule_of(row: Row) -> Schedule:
    return Schedule.model_validate(row["record"])


def _storable(text: str) -> str:
    """jsonb holds no NUL."""
    return text.replace("\\u0000", "\\ufffd")
