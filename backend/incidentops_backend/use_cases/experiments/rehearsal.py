"""The method of an experiment gone through with the engine, and nothing done."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.experiment import Experiment, FaultStep
from incidentops.domain.experiments.preview import plan
from incidentops_backend.reads.view import LiveView
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


class Rehearsal:
    """Asks the engine what it could do of each fault now."""

    def __init__(self, view: LiveView, requests: Requests) -> None:
        self._view, self._requests = view, requests

    def of(self, experiment: Experiment) -> tuple[tuple[PlannedStep, ...], list[str]]:
        """The timetable, and every reason why a fault of it could not be injected."""
        steps, refused = [], []
        for item in plan(experiment):
            step = PlannedStep(at_seconds=item.at_seconds, what=item.what)
            if item.fault is None:
                steps.append(step)
                continue
            for fault in self._on_each_container(item.fault):
                try:
                    steps.append(self._with_effect(step, fault, experiment.lease_of(fault)))
                except IncidentOpsError as error:
                    steps.append(step)
                    refused.append(f"{fault.name}: {error}")
        return tuple(steps), refused

    def _on_each_container(self, fault: FaultStep) -> tuple[FaultStep, ...]:
        """A service that is not there stays one step, which is refused."""
        service = self._view.find(fault.service)
        return fault.on_each(service.containers) if service else (fault,)

    def _with_effect(self, step: PlannedStep, fault: FaultStep, lease_seconds: int) -> PlannedStep:
        wanted = Wanted(
            fault_id=_NO_FAULT,
            service=fault.service,
            kind=fault.fault,
            lease_seconds=lease_seconds,
            requested_by="dry run",
            parameters=fault.parameters,
            container=fault.container,
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
