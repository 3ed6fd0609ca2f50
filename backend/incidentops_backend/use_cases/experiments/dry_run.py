"""A run without touching anything: what would be done when, to whom, who depends on it, what speaks against it."""

from pydantic import BaseModel, ConfigDict

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.preview import dependents, duration_seconds
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.experiments.bounds import Bounds
from incidentops_backend.use_cases.experiments.rehearsal import PlannedStep
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

    def __init__(self, view: LiveView, runs: ExperimentRuns, bounds: Bounds) -> None:
        self._view, self._runs, self._bounds = view, runs, bounds

    def preview(self, experiment: Experiment) -> Preview:
        """What `ExperimentRuns.begin` would refuse it for is told, not raised."""
        judgement = self._bounds.judge(experiment)
        return Preview(
            targets=experiment.targets(),
            affected=dependents(experiment.targets(), self._view.services()),
            method_seconds=duration_seconds(experiment),
            steps=judgement.steps,
            objections=(*self._obstacles(), *judgement.objections),
            lifted_by_touch_incidents=judgement.incidents,
        )

    def _obstacles(self) -> tuple[str, ...]:
        """What keeps every experiment out now."""
        try:
            self._runs.check_free()
        except IncidentOpsError as error:
            return (str(error),)
        return ()
