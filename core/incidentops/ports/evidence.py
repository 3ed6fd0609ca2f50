"""Evidence of incidents: kept once, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from incidentops.domain.evidence import Evidence, Moment
from incidentops.domain.incidents import Incident


@dataclass(frozen=True, slots=True)
class Lacking:
    """An incident without the evidence of a moment."""

    incident: Incident
    moment: Moment


class EvidenceStore(Protocol):
    """Every call raises `Unavailable("postgres", …)`."""

    def lacking(self, since: datetime, *, limit: int) -> list[Lacking]:
        """Moments after `since` of which nobody has taken evidence yet, openings first, the oldest first."""
        ...

    def keep(self, taken: Sequence[Evidence]) -> None:
        """Of each incident and moment the first that is kept stands."""
        ...

    def evidence(self, incident_id: UUID) -> list[Evidence]:
        """In the order of their moments."""
        ...
