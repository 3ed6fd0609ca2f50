"""What was done to services, by whom and when, whatever the kind: actions, faults, decisions, experiments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from incidentops.domain.incidents import Incident

BEFORE = timedelta(minutes=10)
"""What was done this long before an incident began may have caused it."""

AFTER = timedelta(minutes=5)
"""What was done this long after its end may still belong to it."""


class HappeningKind(StrEnum):
    ACTION = "action"
    FAULT = "fault"
    DECISION = "decision"
    """Of remediation: an attempt, its end, or why nothing was done."""
    EXPERIMENT = "experiment"
    """A run that harmed one of the services."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done. `what` is the verb, the kind of fault, the kind of decision, or the name of the
    experiment; `outcome` its state or verdict ("" for a decision, which has none of its own); `service` is empty for
    an experiment, which may have several; `run_id` is that of the experiment. `ended_at` is None while it goes on."""

    kind: HappeningKind
    id: UUID
    at: datetime
    ended_at: datetime | None
    service: str
    what: str
    outcome: str
    by: str
    text: str
    run_id: UUID | None = None


def time_of(incident: Incident, now: datetime) -> tuple[datetime, datetime]:
    """From when to when something was at the same time as the incident."""
    return incident.created_at - BEFORE, (incident.resolved_at or now) + AFTER
