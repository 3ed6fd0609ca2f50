"""The in-memory twins of what remediation policies stand on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from incidentops.domain.decisions import DecisionKind, DecisionRow
from incidentops.domain.guards import Guard
from incidentops.domain.policies import Remedy
from incidentops.messages.ids import uuid7
from incidentops.ports import DecisionFilter, PolicyReading, StoredRecovery, StoredWish
from incidentops.ports.policies import P

D = TypeVar("D", StoredWish, StoredRecovery, Guard)
_NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def keep_newest(known: dict[str, D], fact: D) -> None:
    """The newest fact of a service stands."""
    if fact.service not in known or known[fact.service].at <= fact.at:
        known[fact.service] = fact


def a_guard(service: str = "redis", *, after_seconds: float = 0.0) -> Guard:
    """One attempt, that many seconds past noon."""
    at = _NOON + timedelta(seconds=after_seconds)
    return Guard(service, at).attempted(1, at)


def a_decision(service: str = "redis", *, after_seconds: int = 0) -> DecisionRow:
    """To act, by the default policy; ids grow with `after_seconds`."""
    at = _NOON + timedelta(seconds=after_seconds)
    decision_id = uuid7(int(at.timestamp() * 1000))
    return DecisionRow(
        decision_id, at, service, DecisionKind.ACTED, "it is down", "backend", "default", Remedy.RESTART
    )


class MemoryRemediation:
    """Twin of the remediation store; `ping` raises while the database is away."""

    def __init__(self, ping: Callable[[], None]) -> None:
        self._ping = ping
        self._guards: dict[str, Guard] = {}
        self._decisions: dict[UUID, DecisionRow] = {}

    def put(self, fact: Guard | DecisionRow) -> None:
        if isinstance(fact, Guard):
            keep_newest(self._guards, fact)
        else:
            self._decisions.setdefault(fact.id, fact)

    def decisions(
        self, where: DecisionFilter, *, limit: int = 50, before: UUID | None = None
    ) -> list[DecisionRow]:
        self._ping()
        found = [row for row in self._decisions.values() if _matches(row, where)]
        older = [row for row in found if before is None or row.id < before]
        return sorted(older, key=lambda row: row.id, reverse=True)[:limit]

    def guards(self) -> dict[str, Guard]:
        self._ping()
        return dict(self._guards)


class MemoryPolicies(Generic[P]):
    """Twin of the policy files: a test sets `reading`."""

    def __init__(self) -> None:
        self.reading: PolicyReading[P] = PolicyReading()

    def read(self) -> PolicyReading[P]:
        return self.reading


def _matches(row: DecisionRow, where: DecisionFilter) -> bool:
    wanted = (where.service, where.policy, where.kind)
    return all(
        want is None or want == has
        for want, has in zip(wanted, (row.service, row.policy, row.kind), strict=True)
    )
