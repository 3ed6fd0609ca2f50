"""The action log: one verb on a service by an actor, with intent before and outcome after."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incidentops.domain.services import Verb


class Source(StrEnum):
    """The door an action came through."""

    API = "api"
    UI = "ui"
    BUS = "bus"
    AUTO = "auto"
    BOOT = "boot"


class Outcome(StrEnum):
    """`running` is the intent; every intent ends in one of the others."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a key or a part of the system, and through which door."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the action log. `duration_ms` is None while it runs."""

    id: UUID
    service: str
    verb: Verb
    actor: str
    source: Source
    outcome: Outcome
    message: str
    started_at: datetime
    duration_ms: float | None = None

    def finished(self, outcome: Outcome, message: str, at: datetime) -> "Action":
        """The same action with its outcome; duration is from intent to `at`."""
        duration = (at - self.started_at).total_seconds() * 1000
        return replace(self, outcome=outcome, message=message, duration_ms=round(duration, 3))


# The seed's own sentences (001): people and tests match on them.
STOPPED_MANUALLY = "Service stopped manually"
PING_SUCCEEDED = "Ping succeeded"
PING_FAILED = "Ping failed (service DOWN)"


def restarted_message(service: str) -> str:
    """What `start` answers and the popup shows."""
    return f"Service {service} was restarted successfully!!"
