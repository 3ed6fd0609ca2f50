"""Payloads of commands: what one service asks another to do."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.probes import ServiceProbe, SqlProbe
from incidentops.domain.remediation import Trigger, Verdict
from incidentops.domain.services import Verb

ServiceName = Annotated[str, Field(min_length=1, max_length=200)]


class Ping(BaseModel):
    """Are you there? The answer names service, version and uptime."""

    model_config = ConfigDict(extra="forbid")


class ActOrder(BaseModel):
    """Do a verb to a service. Refused as stale when the service has started anew since `expected_started_at`;
    `run_id` names the remediation run it belongs to and `holder` who claimed that run."""

    model_config = ConfigDict(extra="forbid")

    service: ServiceName
    verb: Literal[
        Verb.PING, Verb.START, Verb.STOP, Verb.RESTART, Verb.RECREATE, Verb.KILL, Verb.PAUSE, Verb.UNPAUSE
    ]
    expected_started_at: AwareDatetime | None = None
    run_id: UUID | None = None
    holder: UUID | None = None


class Remediate(BaseModel):
    """Carry out this remediation run: claim it, heal what is DOWN, answer."""

    model_config = ConfigDict(extra="forbid")

    run_id: UUID
    trigger: Trigger
    only: list[ServiceName] | None = None


class RunClaim(BaseModel):
    """I, `holder`, carry out this run. Stale when somebody else does, or nobody knows the run (any more).
    The same two fields ask, as `backend.services`, for every service as it is now
    and what policies say about them."""

    model_config = ConfigDict(extra="forbid")

    run_id: UUID
    holder: UUID


class RunDecision(RunClaim):
    """Write down what the run decided about one service; `reason` ends the sentence."""

    service: ServiceName
    verdict: Verdict
    reason: str = Field(max_length=10_000)


class InjectFault(BaseModel):
    """Do this harm to one container of a service for `lease_seconds`. Answered with `fault`, the record, or with
    `refused`, the reason, and `errors`, every bad field. The same `fault_id` again is answered with the same fault."""

    model_config = ConfigDict(extra="forbid")

    fault_id: UUID
    service: ServiceName
    fault: str = Field(min_length=1, max_length=100)
    parameters: dict[str, Any] = Field(default_factory=dict)
    lease_seconds: float
    run_id: UUID | None = None
    container: str | None = Field(default=None, max_length=255)


class UndoFault(BaseModel):
    """End this fault now. Answered with `fault`, the record after the undo."""

    model_config = ConfigDict(extra="forbid")

    fault_id: UUID
    reason: str = Field(default="asked to", max_length=1000)


class RunExperiment(BaseModel):
    """Carry this experiment out. Answered at once with `accepted`, and with `reason` when it is not."""

    model_config = ConfigDict(extra="forbid")

    run_id: UUID
    experiment: Experiment


class HaltExperiment(BaseModel):
    """End this run now: undo its faults. Answered with `halting`, false when it does not run (any more)."""

    model_config = ConfigDict(extra="forbid")

    run_id: UUID
    reason: str = Field(max_length=1000)


class ListServices(BaseModel):
    """Answered with `services`, all of them as they are now."""

    model_config = ConfigDict(extra="forbid")


class AskProbe(BaseModel):
    """Ask a service, or our own database. Answered with `value`, or with `error` when nobody could ask."""

    model_config = ConfigDict(extra="forbid")

    probe: Annotated[ServiceProbe | SqlProbe, Field(discriminator="type")]


class StopChaos(BaseModel):
    """Engage the emergency stop: something outside the experiment is hurt, or its probes cannot be asked."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field(min_length=1, max_length=500)
