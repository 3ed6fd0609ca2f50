"""What speaks against an experiment, as services and incidents are now."""

from collections.abc import Mapping

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.blast_radius import incident_objections, objections
from incidentops.domain.experiments.experiment import Experiment
from incidentops.ports import IncidentStore
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.experiments.errors import OutOfBounds
from incidentops_backend.use_cases.experiments.rehearsal import Rehearsal


class Bounds:
    """Asked before a run is begun. What the run itself brings about later, incidents of its targets among it, is
    none of this."""

    def __init__(self, view: LiveView, incidents: IncidentStore, rehearsal: Rehearsal) -> None:
        self._view, self._incidents, self._rehearsal = view, incidents, rehearsal

    def check(self, experiment: Experiment) -> None:
        """Raises OutOfBounds. The engine is asked last, about what may be done at all."""
        if reasons := [*objections(experiment, self._view.services()), *self.of_incidents(experiment)]:
            raise OutOfBounds(reasons)
        _, refused = self._rehearsal.of(experiment)
        if refused:
            raise OutOfBounds(refused)

    def of_incidents(self, experiment: Experiment) -> list[str]:
        """Those objections that `touch_incidents` lifts."""
        return incident_objections(experiment, self._unresolved(experiment))

    def _unresolved(self, experiment: Experiment) -> Mapping[str, int] | None:
        try:
            return self._incidents.unresolved_of(experiment.targets())
        except Unavailable:
            return None
