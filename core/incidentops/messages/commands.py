"""Payloads of commands: what one service asks another to do."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from incidentops.domain.services import Verb


class Ping(BaseModel):
    """Are you there? The answer names service, version and uptime."""

    model_config = ConfigDict(extra="forbid")


class ActOrder(BaseModel):
    """Do a verb to a service. Refused as stale when the service has started anew since `expected_started_at`;
    `run_id` names the remediation run it belongs to."""

    model_config = ConfigDict(extra="forbid")

    service: str = Field(min_length=1, max_length=200)
    verb: Literal[Verb.PING, Verb.START, Verb.STOP, Verb.RESTART, Verb.KILL, Verb.PAUSE, Verb.UNPAUSE]
    expected_started_at: AwareDatetime | None = None
    run_id: UUID | None = None
