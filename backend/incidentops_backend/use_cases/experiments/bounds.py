"""What speaks against an experiment, as services, incidents and the engine are now."""

from collections.abc import Mapping
from dataclasses import dataclass

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.blast_radius import incident_objections, objections
from incidentops.domain.experiments.experiment import Experiment
from incidentops.ports import IncidentStore
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.experiments.errors import OutOfBounds
from incidentops_backend.use_cases.experiments.rehearsal import PlannedStep, Rehearsal


@dataclass(frozen=True, slots=True)
class Judgement:
    """What would be done, and what speaks against it: `firm` whatever the experiment is told, `incidents` unless it
    is told `touch_incidents`."""

    steps: tuple[PlannedStep, ...]
    firm: tuple[str, ...]
    incidents: tuple[str, ...]

    @property
    def objections(self) -> tuple[str, ...]:
        return (*self.firm, *self.incidents)


class Bounds:
    """Asked before a run is begun. What the run itself brings about later, incidents of its targets among it, is
    none of this."""

    def __init__(self, view: LiveView, incidents: IncidentStore, rehearsal: Rehearsal) -> None:
        self._view, self._incidents, self._rehearsal = view, incidents, rehearsal

    def check(self, experiment: Experiment) -> None:
        """Raises OutOfBounds."""
        if found := self.judge(experiment).objections:
            raise OutOfBounds(list(found))

    def judge(self, experiment: Experiment) -> Judgement:
        """What the engine refuses counts when nothing else is firm: of a target that is DOWN it would say the same
        in other words."""
        steps, refused = self._rehearsal.of(experiment)
        firm = objections(experiment, self._view.services()) or refused
        return Judgement(steps, tuple(firm), tuple(self._of_incidents(experiment)))

    def _of_incidents(self, experiment: Experiment) -> list[str]:
        return incident_objections(experiment, self._unresolved(experiment))

    def _unresolved(self, experiment: Experiment) -> Mapping[str, int] | None:
        try:
            return self._incidents.unresolved_of(experiment.targets())
        except Unavailable:
            return None
