"""The in-memory twin of `ExperimentStore`, and ready-made experiments, runs and services."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from incidentops.domain.experiments.document import Scalar
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import Entry, EntryKind, Phase, Run, RunEntries, Trigger
from incidentops.domain.experiments.schedules import CronTiming, Schedule
from incidentops.domain.services import (
    Health,
    RecoveryMode,
    Replicas,
    Service,
    ServiceState,
    status_of,
)
from incidentops.messages.ids import uuid7

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def an_experiment(**changes: Any) -> Experiment:
    """Redis is paused for a moment, and billing is to answer all the while."""
    document: dict[str, Any] = {
        "name": "redis-hangs",
        "title": "Redis hangs",
        "hypothesis": {
            "title": "Billing answers",
            "probes": [{"type": "service", "name": "billing answers", "service": "billing"}],
        },
        "method": [
            {"type": "fault", "name": "hang redis", "fault": "pause", "service": "redis"},
            {"type": "pause", "seconds": 0.2},
        ],
        "lease_seconds": 20,
        "recovery_seconds": 1,
    }
    return Experiment.model_validate(document | changes)


def a_run(experiment: Experiment | None = None, at: datetime = NINE) -> Run:
    """A run that alice has just asked for."""
    return Run(
        id=uuid7(),
        experiment=experiment or an_experiment(),
        trigger=Trigger.OPERATOR,
        asked_by="alice",
        requested_at=at,
        heard_at=at,
    )


def a_service(name: str, state: ServiceState = ServiceState.RUNNING, **changes: Any) -> Service:
    """A service of the group `data` as the live view shows it."""
    facts: dict[str, Any] = {
        "name": name,
        "status": status_of(state),
        "state": state,
        "health": Health.NONE,
        "started_at": NINE,
        "finished_at": None,
        "exit_code": None,
        "recovery_mode": RecoveryMode.MANUAL,
        "group": "data",
        "project": "incidentops",
        "image": name,
        "protected": False,
        "depends_on": (),
        "probe": None,
        "replicas": Replicas(1, 1),
        "containers": (f"{name}-1",),
    }
    return Service(**facts | changes)


def an_entry(seq: int, kind: EntryKind = EntryKind.PROBE, at: datetime = NINE, **facts: Any) -> Entry:
    """A line of a journal, written during the method."""
    return Entry(seq=seq, at=at, kind=kind, **{"phase": Phase.METHOD} | facts)


def a_schedule(experiment: str = "redis-hangs", cron: str = "0 12 * * *", now: datetime = NINE) -> Schedule:
    """Each day at noon, as alice made it."""
    schedule = Schedule(
        id=uuid7(), experiment=experiment, timing=CronTiming(cron=cron), created_by="alice", created_at=now
    )
    return schedule.advanced(now)


class MemoryExperiments:
    """Thread-safe; `ping` raises while the store it belongs to is away. `answers` are what `query` finds."""

    def __init__(self, ping: Callable[[], None]) -> None:
        self._ping = ping
        self._lock = threading.RLock()
        self._experiments: dict[str, Experiment] = {}
        self._runs: dict[UUID, Run] = {}
        self._entries: dict[UUID, dict[int, Entry]] = {}
        self._schedules: dict[UUID, Schedule] = {}
        self.answers: dict[str, Scalar] = {}

    def take(self, fact: Run | RunEntries) -> None:
        """The write side, as `Records` uses it."""
        with self._lock:
            if isinstance(fact, Run):
                self._take_run(fact)
            else:
                lines = self._entries.setdefault(fact.run_id, {})
                for entry in fact.entries:
                    lines.setdefault(entry.seq, entry)

    def experiments(self) -> list[Experiment]:
        self._ping()
        return sorted(self._experiments.values(), key=lambda item: item.name)

    def add(self, experiment: Experiment, at: datetime) -> bool:
        self._ping()
        with self._lock:
            new = experiment.name not in self._experiments
            if new:
                self.put(experiment, at)
        return new

    def put(self, experiment: Experiment, at: datetime) -> None:  # noqa: ARG002 - the port's
        self._ping()
        self._experiments[experiment.name] = experiment

    def remove(self, name: str) -> bool:
        self._ping()
        for schedule in self.schedules(name):
            self.remove_schedule(schedule.id)
        return self._experiments.pop(name, None) is not None

    def run(self, run_id: UUID) -> Run | None:
        self._ping()
        return self._runs.get(run_id)

    def run_by_number(self, number: int) -> Run | None:
        return next((run for run in self._newest() if run.number == number), None)

    def runs(self, experiment: str | None = None, *, limit: int = 50, before: int | None = None) -> list[Run]:
        found = [
            run
            for run in self._newest()
            if experiment in (None, run.experiment.name) and (before is None or (run.number or 0) < before)
        ]
        return found[:limit]

    def last_runs(self) -> Mapping[str, Run]:
        return {run.experiment.name: run for run in reversed(self._newest())}

    def open_runs(self) -> list[Run]:
        return [run for run in reversed(self._newest()) if not run.ended]

    def entries(self, run_id: UUID) -> list[Entry]:
        self._ping()
        with self._lock:
            return [entry for _, entry in sorted(self._entries.get(run_id, {}).items())]

    def schedules(self, experiment: str | None = None) -> list[Schedule]:
        self._ping()
        found = (item for item in self._schedules.values() if experiment in (None, item.experiment))
        return sorted(found, key=lambda item: (item.experiment, item.id))

    def put_schedule(self, schedule: Schedule) -> None:
        self._ping()
        self._schedules[schedule.id] = schedule

    def change_schedule(self, schedule_id: UUID, change: Callable[[Schedule], Schedule]) -> Schedule | None:
        self._ping()
        with self._lock:
            if (known := self._schedules.get(schedule_id)) is None:
                return None
            self._schedules[schedule_id] = changed = change(known)
            return changed

    def remove_schedule(self, schedule_id: UUID) -> bool:
        self._ping()
        return self._schedules.pop(schedule_id, None) is not None

    def claim_due(self, now: datetime) -> list[Schedule]:
        self._ping()
        with self._lock:
            due = [item for item in self._schedules.values() if item.next_at and item.next_at <= now]
            self._schedules |= {item.id: item.advanced(now) for item in due}
        return due

    def query(self, sql: str, timeout_seconds: float) -> Scalar:  # noqa: ARG002 - the port's
        self._ping()
        if sql not in self.answers:
            raise ValueError("syntax error")
        return self.answers[sql]

    def _take_run(self, run: Run) -> None:
        known = self._runs.get(run.id)
        if known is None:
            self._runs[run.id] = run.model_copy(update={"number": len(self._runs) + 1})
        elif not known.ended and known.heard_at <= run.heard_at:
            self._runs[run.id] = run.model_copy(update={"number": known.number})

    def _newest(self) -> list[Run]:
        """Newest first."""
        self._ping()
        with self._lock:
            return list(reversed(self._runs.values()))
