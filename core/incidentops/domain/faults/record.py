"""One fault as everybody sees it: what was asked, of whom, until when, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

Result = Literal["clean"] | tuple[str, ...]
"""What the target looked like after the undo: `clean`, or sentences naming what is left."""


class FaultState(StrEnum):
    """`requested → injecting → active → undoing → undone`; `failed` from anywhere before `active`, and when the
    undo could not be carried out."""

    REQUESTED = "requested"
    INJECTING = "injecting"
    ACTIVE = "active"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


ENDED = frozenset({FaultState.UNDONE, FaultState.FAILED})


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault on one container of a service.

    `started_at_of_target` tells a restarted target from the one that was hurt. `snapshot` is what the target
    looked like before, by what was looked at. `plan` is all that is needed to do and to undo
    it, for whoever finds the record. `measured` sets what was found beside what was requested. `target_lost_at`: when
    the target was found to have ended, or to have been started anew, under a fault that could not outlive that.
    `revision` rises with every change: the highest one stands. Times are aware UTC datetimes.
    """

    id: UUID
    kind: str
    service: str
    container_id: str
    started_at_of_target: datetime | None
    parameters: Mapping[str, Any]
    mechanism: str
    lease_seconds: float
    state: FaultState
    requested_at: datetime
    requested_by: str
    active_at: datetime | None = None
    ends_at: datetime | None = None
    undone_at: datetime | None = None
    target_lost_at: datetime | None = None
    run_id: UUID | None = None
    snapshot: Mapping[str, str] = field(default_factory=dict)
    plan: Mapping[str, Any] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)
    result: Result | None = None
    reason: str | None = None
    revision: int = 1

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def becoming(self, state: FaultState, **facts: Any) -> "Fault":
        """The same fault in its next state, with further facts."""
        return replace(self, state=state, revision=self.revision + 1, **facts)

    def injecting(self, at: datetime) -> "Fault":
        """From now on the target may be hurt; the lease runs from here."""
        return self.becoming(FaultState.INJECTING, ends_at=at + timedelta(seconds=self.lease_seconds))

    def overdue(self, now: datetime) -> bool:
        return self.ends_at is not None and now >= self.ends_at
