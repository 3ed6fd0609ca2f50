"""Experiments, runs and schedules as JSON. The documents themselves are the domain's own models."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import Entry, Phase, Run, Sighting, Trigger, Verdict
from incidentops.domain.experiments.schedules import Schedule, Timing
from incidentops_backend.schemas.shape import Shape
from incidentops_backend.use_cases.experiments.definitions import Definition


class RunSummaryOut(Shape):
    """A run without its journal."""

    id: UUID
    number: int | None
    experiment: str
    title: str
    trigger: Trigger
    asked_by: str
    requested_at: datetime
    ended_at: datetime | None
    phase: Phase
    verdict: Verdict | None
    reason: str


class RunOut(RunSummaryOut):
    """A run with its journal, its sightings of the targets, and the experiment as it was then."""

    document: Experiment
    entries: tuple[Entry, ...]
    sightings: tuple[Sighting, ...]


class RunPageOut(BaseModel):
    """Newest first."""

    items: list[RunSummaryOut]
    next_cursor: int | None


class ExperimentSummaryOut(BaseModel):
    """One experiment in the list. The library's cannot be changed."""

    name: str
    title: str
    description: str
    of_library: bool
    targets: tuple[str, ...]
    faults: tuple[str, ...]
    lease_seconds: int
    last_run: RunSummaryOut | None
    schedules: int


class ExperimentListOut(BaseModel):
    """The library's, then our own; `complete` is false while Postgres is away and our own cannot be read."""

    items: list[ExperimentSummaryOut]
    complete: bool


class ExperimentOut(BaseModel):
    """One experiment with its document."""

    of_library: bool
    document: Experiment


class RunIn(BaseModel):
    """How to run it."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="say what would happen, and do nothing")
    touch_incidents: bool = Field(
        default=False, description="this time also what is already in an unresolved incident"
    )


class ScheduleIn(BaseModel):
    """When an experiment runs by itself."""

    model_config = ConfigDict(extra="forbid")

    timing: Timing
    enabled: bool = True


class ScheduleOut(BaseModel):
    """A schedule, and the moments that follow."""

    schedule: Schedule
    next_moments: Annotated[list[datetime], Field(description="the next five")]


class ScheduleListOut(BaseModel):
    items: list[ScheduleOut]


_MOMENTS = 5


def run_summary_out(run: Run) -> RunSummaryOut:
    return RunSummaryOut.model_validate(_summary(run))


def run_out(run: Run, entries: list[Entry]) -> RunOut:
    further = {"document": run.experiment, "entries": tuple(entries), "sightings": run.sightings}
    return RunOut.model_validate(_summary(run) | further)


def experiment_summary_out(
    definition: Definition, last_run: Run | None, schedules: int
) -> ExperimentSummaryOut:
    experiment = definition.experiment
    return ExperimentSummaryOut(
        name=experiment.name,
        title=experiment.title,
        description=experiment.description,
        of_library=definition.of_library,
        targets=experiment.targets(),
        faults=tuple(dict.fromkeys(step.fault for step in experiment.faults())),
        lease_seconds=experiment.lease_seconds,
        last_run=run_summary_out(last_run) if last_run else None,
        schedules=schedules,
    )


def schedule_out(schedule: Schedule) -> ScheduleOut:
    moments: list[datetime] = []
    moment = schedule.next_at
    while moment is not None and len(moments) < _MOMENTS:
        moments.append(moment)
        moment = schedule.timing.next_after(moment)
    return ScheduleOut(schedule=schedule, next_moments=moments)


def _summary(run: Run) -> dict[str, object]:
    facts = run.model_dump(include=set(RunSummaryOut.model_fields) - {"experiment", "title"})
    return facts | {"experiment": run.experiment.name, "title": run.experiment.title}
