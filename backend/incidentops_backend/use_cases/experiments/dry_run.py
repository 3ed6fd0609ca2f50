"""A run without touching anything: what would be done when, to whom, who depends on it, what speaks against it."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.experiment import Experiment, FaultStep
from incidentops.domain.experiments.preview import dependents, duration_seconds, plan
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.experiments.bounds import Bounds
from incidentops_backend.use_cases.experiments.errors import OutOfBounds
from incidentops_backend.use_cases.experiments.runs import ExperimentRuns
from incidentops_backend.use_cases.faults.request import Requests, Wanted

_NO_FAULT = UUID(int=0)


class PlannedStep(BaseModel):
    """One thing that would be done, `at_seconds` after the method has begun; for a fault its effect in words
    and by which mechanism this machine would do it."""

    model_config = ConfigDict(frozen=True)

    at_seconds: float
    what: str
    service: str | None = None
    fault: str | None = None
    lease_seconds: int | None = None
    effect: str = ""
    mechanism: str = ""


class Preview(BaseModel):
    """`objections` is empty when the experiment could run now, `lifted_by_touch_incidents` are those of them that
    would go if it were told to touch what is in an incident; `affected` are the services that stand on a target."""

    model_config = ConfigDict(frozen=True)

    targets: tuple[str, ...]
    affected: tuple[str, ...]
    method_seconds: float
    steps: tuple[PlannedStep, ...]
    objections: tuple[str, ...]
    lifted_by_touch_incidents: tuple[str, ...]


class DryRun:
    """Asks the engine what it could do, and does nothing."""

    def __init__(self, view: LiveView, requests: Requests, runs: ExperimentRuns, bounds: Bounds) -> None:
        self._view, self._requests, self._runs, self._bounds = view, requests, runs, bounds

    def preview(self, experiment: Experiment) -> Preview:
        """What `ExperimentRuns.begin` would refuse it for is told, not raised."""
        steps, refused = self._steps(experiment)
        objections, lifted = self._objections(experiment), self._bounds.of_incidents(experiment)
        if objections == lifted:
            objections = [*lifted, *refused]
        return Preview(
            targets=experiment.targets(),
            affected=dependents(experiment.targets(), self._view.services()),
            method_seconds=duration_seconds(experiment),
            steps=steps,
            objections=tuple(objections),
            lifted_by_touch_incidents=tuple(lifted),
        )

    def _objections(self, experiment: Experiment) -> list[str]:
        try:
            self._runs.check(experiment)
        except OutOfBounds as error:
            return error.objections
        except IncidentOpsError as error:
            return [str(error)]
        return []

    def _steps(self, experiment: Experiment) -> tuple[tuple[PlannedStep, ...], list[str]]:
        """The timetable, and what the engine would refuse of it."""
        steps, refused = [], []
        for item in plan(experiment):
            step = PlannedStep(at_seconds=item.at_seconds, what=item.what)
            if item.fault is not None:
                try:
                    step = self._with_effect(step, item.fault, experiment.lease_of(item.fault))
                except IncidentOpsError as error:
                    refused.append(f"{item.fault.name}: {error}")
            steps.append(step)
        return tuple(steps), refused

    def _with_effect(self, step: PlannedStep, fault: FaultStep, lease_seconds: int) -> PlannedStep:
        wanted = Wanted(
            fault_id=_NO_FAULT,
            service=fault.service,
            kind=fault.fault,
            lease_seconds=lease_seconds,
            requested_by="dry run",
            parameters=fault.parameters,
        )
        preview = self._requests.preview(wanted)
        return step.model_copy(
            update={
                "service": fault.service,
                "fault": fault.fault,
                "lease_seconds": lease_seconds,
                "effect": preview.sentence,
                "mechanism": preview.mechanism,
            }
        )
