"""What a run would do, second by second, without doing it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from incidentops.domain.experiments.experiment import (
    Experiment,
    FaultStep,
    ParallelStep,
    PauseStep,
    ProbeStep,
    Step,
)
from incidentops.domain.services import Service


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that would be done, `at_seconds` after the method has begun; `fault` where it is one."""

    at_seconds: float
    what: str
    fault: FaultStep | None = None


def plan(experiment: Experiment) -> tuple[Planned, ...]:
    """The method and the rollbacks as a timetable; what the steps take by themselves is not foreseen."""
    return tuple(_timetable(experiment))


def duration_seconds(experiment: Experiment) -> float:
    """How long the method takes at least: its pauses."""
    return sum(step.seconds for step in experiment.method if isinstance(step, PauseStep))


def dependents(targets: Iterable[str], services: Iterable[Service]) -> tuple[str, ...]:
    """Every service that stands on a target, directly or through others, by name; without the targets."""
    services = tuple(services)
    reached = set(targets)
    while more := {s.name for s in services if reached.intersection(s.depends_on)} - reached:
        reached |= more
    return tuple(sorted(reached.difference(targets)))


def _timetable(experiment: Experiment) -> Iterator[Planned]:
    at = 0.0
    for step in experiment.method:
        yield from _planned(step, at)
        at += step.seconds if isinstance(step, PauseStep) else 0.0
    yield Planned(at, "undo every fault that is still active")
    for rollback in experiment.rollbacks:
        yield Planned(at, f"{rollback.verb} {rollback.service}")


def _planned(step: Step, at: float) -> Iterator[Planned]:
    match step:
        case FaultStep():
            yield Planned(at, step.name, step)
        case ParallelStep(steps=steps):
            for item in steps:
                yield from _planned(item, at)
        case ProbeStep(probe=probe):
            yield Planned(at, f"ask: {probe.name}")
        case PauseStep(seconds=seconds):
            yield Planned(at, f"wait {seconds:g} s")
