"""What automation remembers of a service: its attempts, its breaker, and the approval it asked for.

A guard is a value: each change gives a new one, which is stored as a whole and outlives every restart.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incidentops.domain.policies import Remedy

KEPT_ATTEMPTS = 200
"""More than any budget may allow (the policy file is held to it)."""


class BreakerState(StrEnum):
    """`half_open`: it has rested, one attempt decides."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Answer(StrEnum):
    """What a person said to a remedy."""

    APPROVE = "approve"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Approval:
    """A remedy that waits for a person; without an answer it lapses at `expires_at`."""

    id: UUID
    policy: str
    remedy: Remedy
    reason: str
    asked_at: datetime
    expires_at: datetime
    answer: Answer | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """`attempts` are the newest ones, oldest first; `streak` counts those since the service last ran stably, `failures`
    those that failed since one succeeded. `rest_until` is set while the breaker is open or half open."""

    service: str
    at: datetime
    attempts: tuple[datetime, ...] = ()
    streak: int = 0
    failures: int = 0
    rest_until: datetime | None = None
    reason: str = ""
    approval: Approval | None = None
    escalated: bool = False  # people were told, and it has not been healed since

    @property
    def troubled(self) -> bool:
        """Whether an operator who takes the service in hand has something to forgive."""
        return bool(self.streak or self.failures or self.rest_until or self.approval or self.escalated)

    def breaker(self, now: datetime) -> BreakerState:
        if self.rest_until is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if now < self.rest_until else BreakerState.HALF_OPEN

    def attempted(self, streak: int, now: datetime) -> "Guard":
        """An attempt begins; it uses up its approval, and what the breaker's rest allowed."""
        attempts = (*self.attempts, now)[-KEPT_ATTEMPTS:]
        return replace(self, at=now, attempts=attempts, streak=streak, rest_until=None, approval=None)

    def failed(self, reason: str, now: datetime) -> "Guard":
        return replace(self, at=now, failures=self.failures + 1, reason=reason)

    def healed(self, now: datetime) -> "Guard":
        return replace(self, at=now, failures=0, reason="", escalated=False)

    def opened(self, until: datetime, reason: str, now: datetime) -> "Guard":
        return replace(self, at=now, rest_until=until, reason=reason, approval=None, escalated=True)

    def asked(self, approval: Approval, now: datetime) -> "Guard":
        """It waits for a person; or the person has answered."""
        return replace(self, at=now, approval=approval)

    def forgiven(self, now: datetime) -> "Guard":
        """An operator has taken the service in hand: the breaker closes. The attempts stay counted."""
        return Guard(self.service, now, attempts=self.attempts)
