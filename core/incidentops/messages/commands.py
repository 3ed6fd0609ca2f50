"""Payloads of commands: what one service asks another to do."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

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
