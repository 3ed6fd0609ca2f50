"""Experiments that run by themselves."""

from collections.abc import Callable, Sequence
from uuid import UUID

import structlog

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.experiments.runs import Trigger
from incidentops.domain.experiments.schedules import LeftOut, Schedule, Timing
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock, ExperimentStore
from incidentops_backend.use_cases.experiments.definitions import Definitions
from incidentops_backend.use_cases.experiments.errors import OutOfBounds, UnknownSchedule
from incidentops_backend.use_cases.experiments.runs import ExperimentRuns

log = structlog.get_logger()

MISSED = "nobody was there at its moment, and harm that comes late surprises"

Listener = Callable[[Schedule], None]


class Schedules:
    """Every call raises Unavailable while Postgres is away: then nothing is begun by itself."""

    def __init__(
        self, store: ExperimentStore, definitions: Definitions, runs: ExperimentRuns, clock: Clock
    ) -> None:
        self._store, self._definitions, self._runs, self._clock = store, definitions, runs, clock
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Hear of every schedule whose moment was left out."""
        self._listeners.append(listener)

    def of(self, experiment: str) -> Sequence[Schedule]:
        """Raises UnknownExperiment."""
        self._definitions.find(experiment)
        return self._store.schedules(experiment)

    def add(self, experiment: str, timing: Timing, by: str, *, enabled: bool) -> Schedule:
        """Raises UnknownExperiment."""
        self._definitions.find(experiment)
        schedule = Schedule(
            id=uuid7(),
            experiment=experiment,
            timing=timing,
            enabled=enabled,
            created_by=by,
            created_at=self._clock.now(),
        ).advanced(self._clock.now())
        self._store.put_schedule(schedule)
        return schedule

    def change(self, experiment: str, schedule_id: UUID, timing: Timing, *, enabled: bool) -> Schedule:
        """Raises UnknownSchedule."""
        self._check(experiment, schedule_id)
        wanted, now = {"timing": timing, "enabled": enabled}, self._clock.now()
        changed = self._store.change_schedule(
            schedule_id, lambda known: known.model_copy(update=wanted).advanced(now)
        )
        if changed is None:
            raise _unknown(experiment, schedule_id)
        return changed

    def remove(self, experiment: str, schedule_id: UUID) -> None:
        """Raises UnknownSchedule."""
        self._check(experiment, schedule_id)
        self._store.remove_schedule(schedule_id)

    def run_due(self) -> None:
        """Begin what is due, once among all backends. What cannot be begun is left out this time, which the schedule
        remembers."""
        now = self._clock.now()
        try:
            due = self._store.claim_due(now)
        except Unavailable:
            return
        for schedule in due:
            if schedule.missed(now):
                self._leave_out(schedule, [MISSED])
            else:
                self._begin(schedule)

    def _begin(self, schedule: Schedule) -> None:
        try:
            experiment = self._definitions.find(schedule.experiment).experiment
            run = self._runs.begin(experiment, Trigger.SCHEDULE, schedule.created_by)
        except OutOfBounds as error:
            self._leave_out(schedule, error.objections)
        except IncidentOpsError as error:
            self._leave_out(schedule, [str(error)])
        else:
            log.info("schedule_run", experiment=schedule.experiment, run_id=str(run.id))

    def _leave_out(self, schedule: Schedule, reasons: Sequence[str]) -> None:
        log.warning("schedule_not_run", experiment=schedule.experiment, reasons=reasons)
        moment = LeftOut(at=schedule.next_at or self._clock.now(), reasons=tuple(reasons))
        try:
            self._store.change_schedule(schedule.id, lambda known: known.leaving_out(moment))
        except Unavailable:
            return  # the log has it
        for listener in self._listeners:
            listener(schedule)

    def _check(self, experiment: str, schedule_id: UUID) -> None:
        """Raises UnknownSchedule."""
        if all(schedule.id != schedule_id for schedule in self._store.schedules(experiment)):
            raise _unknown(experiment, schedule_id)


def _unknown(experiment: str, schedule_id: UUID) -> UnknownSchedule:
    return UnknownSchedule(f"{experiment} has no schedule {schedule_id}.")
