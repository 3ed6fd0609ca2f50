"""A run without touching anything: what would be done when, to whom, who depends on it, what speaks against it."""

from pydantic import BaseModel, ConfigDict

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.preview import dependents, duration_seconds
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.experiments.bounds import Bounds
from incidentops_backend.use_cases.experiments.errors import OutOfBounds
from incidentops_backend.use_cases.experiments.rehearsal import PlannedStep, Rehearsal
from incidentops_backend.use_cases.experiments.runs import ExperimentRuns


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

    def __init__(self, view: LiveView, rehearsal: Rehearsal, runs: ExperimentRuns, bounds: Bounds) -> None:
        self._view, self._rehearsal, self._runs, self._bounds = view, rehearsal, runs, bounds

    def preview(self, experiment: Experiment) -> Preview:
        """What `ExperimentRuns.begin` would refuse it for is told, not raised."""
        steps, refused = self._rehearsal.of(experiment)
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
