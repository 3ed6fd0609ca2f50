"""The six phases that an incident goes through (seed 002), as a list to be ticked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """In this order as a rule; nothing enforces it, as work on an incident overlaps."""

    DETECT = "detect"
    TRIAGE = "triage"
    COMMUNICATE = "communicate"
    MITIGATE = "mitigate"
    RESOLVE = "resolve"
    REVIEW = "review"


MEANING: Mapping[Phase, str] = {
    Phase.DETECT: "Alert triggers or issue reported",
    Phase.TRIAGE: "Assess severity and impact",
    Phase.COMMUNICATE: "Update status page and stakeholders",
    Phase.MITIGATE: "Apply temporary fix if possible",
    Phase.RESOLVE: "Implement permanent solution",
    Phase.REVIEW: "Conduct post-mortem",
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A phase that somebody says is done."""

    phase: Phase
    by: str
    at: datetime


def ticked(ticks: Iterable[Tick], phase: Phase) -> Tick | None:
    """The tick of that phase, if it has one."""
    return next((tick for tick in ticks if tick.phase is phase), None)
