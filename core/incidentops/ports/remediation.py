"""What remediation stands on: its history in Postgres, and what experiments do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from incidentops.domain.decisions import DecisionKind, DecisionRow
from incidentops.domain.faults import Fault
from incidentops.domain.guards import Guard


class ActiveFaults(Protocol):
    """The faults that do harm now."""

    def on(self, service: str) -> Sequence[Fault]:
        """Those of one service; empty when nobody harms it on purpose."""
        ...


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions; None means any."""

    service: str | None = None
    policy: str | None = None
    kind: DecisionKind | None = None


class RemediationStore(Protocol):
    """Reads of the history in Postgres. Raises `Unavailable("postgres", …)`."""

    def decisions(
        self, where: DecisionFilter, *, limit: int = 50, before: UUID | None = None
    ) -> list[DecisionRow]:
        """Newest first, those older than the decision `before`."""
        ...

    def guards(self) -> dict[str, Guard]:
        """By service."""
        ...
