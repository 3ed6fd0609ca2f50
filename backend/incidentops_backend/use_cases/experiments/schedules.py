"""Experiments that run by themselves."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.experiments.runs import Trigger
from incidentops.domain.experiments.schedules import Schedule, Timing
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock, ExperimentStore
from incidentops_backend.use_cases.experiments.definitions import Definitions
from incidentops_backend.use_cases.experiments.errors import UnknownSchedule
from incidentops_backend.use_cases.experiments.runs import ExperimentRuns

log = structlog.get_logger()


class Schedules:
    """Every call raises Unavailable while Postgres is away: then nothing is begun by itself."""

    def __init__(
        self, store: ExperimentStore, definitions: Definitions, runs: ExperimentRuns, clock: Clock
    ) -> None:
        self._store, self._definitions, self._runs, self._clock = store, definitions, runs, clock

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
        known = self._find(experiment, schedule_id)
        changed = known.model_copy(update={"timing": timing, "enabled": enabled}).advanced(self._clock.now())
        self._store.put_schedule(changed)
        return changed

    def remove(self, experiment: str, schedule_id: UUID) -> None:
        """Raises UnknownSchedule."""
        self._find(experiment, schedule_id)
        self._store.remove_schedule(schedule_id)

    def run_due(self) -> None:
        """Begin what is due, once among all backends. What cannot be begun is left out this time, with a line
        in the log: harm that comes late surprises."""
        now = self._clock.now()
        try:
            due = self._store.claim_due(now)
        except Unavailable:
            return
        for schedule in due:
            if schedule.missed(now):
                log.warning("schedule_missed", experiment=schedule.experiment, due=str(schedule.next_at))
            else:
                self._begin(schedule)

    def _begin(self, schedule: Schedule) -> None:
        try:
            experiment = self._definitions.find(schedule.experiment).experiment
            run = self._runs.begin(experiment, Trigger.SCHEDULE, schedule.created_by)
        except IncidentOpsError as error:
            log.warning("schedule_not_run", experiment=schedule.experiment, reason=str(error))
        else:
            log.info("schedule_run", experiment=schedule.experiment, run_id=str(run.id))

    def _find(self, experiment: str, schedule_id: UUID) -> Schedule:
        for schedule in self._store.schedules(experiment):
            if schedule.id == schedule_id:
                return schedule
        raise UnknownSchedule(f"{experiment} has no schedule {schedule_id}.")
