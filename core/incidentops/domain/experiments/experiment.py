"""An experiment: what should hold, what is broken on purpose, and how far it may reach."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from incidentops.domain.experiments.document import Part, ServiceName, Title, at_least
from incidentops.domain.experiments.probes import Probe
from incidentops.domain.faults import KINDS, BadParameters

NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"
ExperimentName = Annotated[str, Field(pattern=NAME_PATTERN, description="lower case letters, digits, dashes")]
LeaseSeconds = Annotated[int, Field(ge=1, le=3600, description="after which a fault undoes itself")]
EACH_CONTAINER = "all"
_ANY_CONTAINER = frozenset({None, EACH_CONTAINER})
ContainerChoice = Annotated[
    str,
    Field(
        min_length=1,
        max_length=255,
        description="which of its containers, by name or id, or `all` of them; else the first that runs",
    ),
]
MAX_PAUSE_SECONDS = 600


class FaultStep(Part):
    """Inject one fault. It stays until the rollback, or until its lease ends (the experiment's by default). On `all`
    containers it is as many faults, at the same time."""

    type: Literal["fault"] = "fault"
    name: Title
    fault: str
    service: ServiceName
    parameters: dict[str, Any] = Field(default_factory=dict, validate_default=True)
    lease_seconds: LeaseSeconds | None = None
    container: ContainerChoice | None = None

    @field_validator("fault")
    @classmethod
    def _exists(cls, fault: str) -> str:
        if fault not in KINDS:
            raise ValueError(f"unknown fault {fault!r}: expected one of {', '.join(KINDS)}")
        return fault

    @field_validator("parameters")
    @classmethod
    def _are_taken(cls, parameters: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        kind = KINDS.get(info.data.get("fault", ""))
        try:
            if kind is not None:
                kind.read(parameters)
        except BadParameters as error:
            raise ValueError(str(error)) from error
        return parameters

    def on_each(self, containers: Iterable[str]) -> tuple["FaultStep", ...]:
        """One step for each container that it hurts, of these of its service."""
        if self.container != EACH_CONTAINER:
            return (self,)
        return tuple(self.model_copy(update={"container": each}) for each in containers)

    def may_meet(self, other: "FaultStep") -> bool:
        """Whether both may be on one container: they are not when each names another one."""
        apart = self.container != other.container and not {self.container, other.container} & _ANY_CONTAINER
        return self.service == other.service and not apart


class PauseStep(Part):
    """Let time pass; the hypothesis is watched meanwhile."""

    type: Literal["pause"] = "pause"
    seconds: Annotated[float, Field(gt=0, le=MAX_PAUSE_SECONDS)]


class ProbeStep(Part):
    """Ask once, and write down what was found; nothing follows from it."""

    type: Literal["probe"] = "probe"
    probe: Probe


class ParallelStep(Part):
    """Inject several faults at the same time."""

    type: Literal["parallel"] = "parallel"
    steps: Annotated[tuple[FaultStep, ...], Field(max_length=10), AfterValidator(at_least(2))]


Step = Annotated[FaultStep | PauseStep | ProbeStep | ParallelStep, Field(discriminator="type")]


class Rollback(Part):
    """What is done after the faults are undone, whatever happened."""

    name: Title
    service: ServiceName
    verb: Literal["start", "restart"]


class Hypothesis(Part):
    """What holds before, during and after."""

    title: Title
    probes: Annotated[tuple[Probe, ...], Field(max_length=20), AfterValidator(at_least(1))]


class BlastRadius(Part):
    """How far an experiment may reach. Protected services are never touched."""

    max_services: Annotated[int, Field(ge=1, le=100)] = 1
    max_share_of_group: Annotated[float, Field(gt=0, le=1)] = 0.5
    touch_incidents: bool = Field(default=False, description="also services that are already in an incident")


class Experiment(Part):
    """The whole document, as it is stored, sent to chaos and kept with each run."""

    name: ExperimentName
    title: Title
    description: Annotated[str, Field(max_length=5_000)] = ""
    hypothesis: Hypothesis
    method: Annotated[tuple[Step, ...], Field(max_length=50), AfterValidator(at_least(1))]
    rollbacks: Annotated[tuple[Rollback, ...], Field(max_length=20)] = ()
    blast_radius: BlastRadius = BlastRadius()
    lease_seconds: LeaseSeconds = 60
    recovery_seconds: Annotated[
        int, Field(ge=0, le=600, description="how long the steady state may take to return")
    ] = 30

    @model_validator(mode="after")
    def _breaks_something(self) -> "Experiment":
        if not any(True for _ in self.faults()):
            raise ValueError("the method injects no fault: expected at least one step of type fault")
        return self

    def faults(self) -> Iterator[FaultStep]:
        """Every fault of the method, in order, those of parallel groups included."""
        for step in self.method:
            if isinstance(step, FaultStep):
                yield step
            elif isinstance(step, ParallelStep):
                yield from step.steps

    def targets(self) -> tuple[str, ...]:
        """The services that are broken on purpose, each once, in the order of the method."""
        return tuple(dict.fromkeys(step.service for step in self.faults()))

    def touched(self) -> tuple[str, ...]:
        """The targets, then what only a rollback starts or restarts."""
        return tuple(dict.fromkeys([*self.targets(), *(rollback.service for rollback in self.rollbacks)]))

    def touching_incidents(self) -> "Experiment":
        """The same, told to touch also what is already in an incident."""
        radius = self.blast_radius.model_copy(update={"touch_incidents": True})
        return self.model_copy(update={"blast_radius": radius})

    def lease_of(self, step: FaultStep) -> int:
        """Seconds after which this fault undoes itself."""
        return step.lease_seconds or self.lease_seconds
