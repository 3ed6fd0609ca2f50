"""The history of remediation: every decision about a service, also the one to do nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from incidentops.domain.policies import Remedy


class DecisionKind(StrEnum):
    """What was decided, or how what was decided ended."""

    ACTED = "acted"
    HEALED = "healed"
    FAILED = "failed"
    WAITED = "waited"
    LEFT = "left"  # did nothing, because
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One line of the history. `id` grows with time; `policy` is None when the operator's button asked; `by` is a
    person or `backend`; `reason` ends a sentence."""

    id: UUID
    at: datetime
    service: str
    kind: DecisionKind
    reason: str
    by: str
    policy: str | None = None
    remedy: Remedy | None = None
    run_id: UUID | None = None
