"""Escalation policies: who is paged, and who after them while nobody answers."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TargetKind(StrEnum):
    """A user by name, or whoever a schedule has on call."""

    USER = "user"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a step pages."""

    kind: TargetKind
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """Page all `targets`, then give them `wait` to acknowledge before the next step."""

    targets: tuple[Target, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """Steps in order, gone through once and then `repeat` times more. When `ack_timeout` passes after an
    acknowledgement without the work having begun or ended, the escalation starts anew."""

    name: str
    steps: tuple[Step, ...]
    repeat: int = 0
    ack_timeout: timedelta | None = None
    description: str = ""
