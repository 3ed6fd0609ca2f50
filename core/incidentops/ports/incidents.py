"""Alerts and incidents: how they are taken in, read and edited."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from incidentops.domain.alerts import Alert, AlertStatus
from incidentops.domain.correlation import RuleSet, Taken
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.incidents import (
    Edit,
    Incident,
    IncidentChange,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
)
from incidentops.domain.severity import Severity


class RulesChanged(IncidentOpsError):
    """Somebody else stored a newer version of the rules than the one that the change was made from."""


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents; None means any. `since` and `until` bound when they were opened."""

    statuses: tuple[IncidentStatus, ...] | None = None
    severity: Severity | None = None
    service: str | None = None
    team: str | None = None
    assignee: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts; None means any."""

    status: AlertStatus | None = None
    severity: Severity | None = None
    service: str | None = None
    source: str | None = None
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Incidents, newest first, and the cursor of the next page (None on the last)."""

    items: tuple[Incident, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Alerts, the last accepted first, and the cursor of the next page (None on the last)."""

    items: tuple[Alert, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Committed:
    """What one transaction changed, told after its commit. `taken`: the answer to each signal of each batch that
    was new; `alert_ids` and `incidents` are those that changed, `opened` and `new_alerts` those of them that are
    new."""

    taken: Mapping[UUID, tuple[Taken, ...]] = field(default_factory=dict)
    incidents: tuple[Incident, ...] = ()
    alert_ids: tuple[UUID, ...] = ()
    opened: tuple[Incident, ...] = ()
    new_alerts: tuple[Alert, ...] = ()
    changes: tuple[IncidentChange, ...] = ()


Listener = Callable[[Committed], None]


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A beat that is awaited: when it came last, and by when the next must come."""

    name: str
    service: str
    severity: Severity
    last_beat_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRules:
    """A version of the rules of correlation: its text as it was given, who stored it and when."""

    rules: RuleSet
    source: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Volume:
    """Incidents opened in one hour or day, with their mean times; None while none was answered or resolved."""

    at: datetime
    count: int
    mtta_seconds: float | None
    mttr_seconds: float | None


@dataclass(frozen=True, slots=True)
class Noise:
    """How much one service made."""

    service: str
    incidents: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What happened in a period: incidents opened in it, without those merged into others."""

    incidents: int
    unresolved: int
    alerts: int
    mtta_seconds: float | None
    mttr_seconds: float | None
    mtta_p95_seconds: float | None
    mttr_p95_seconds: float | None
    by_severity: Mapping[str, int]
    by_status: Mapping[str, int]
    volume: tuple[Volume, ...]
    noisiest: tuple[Noise, ...]


class IncidentStore(Protocol):
    """Incidents and alerts in Postgres. Every call raises `Unavailable("postgres", …)` when the database is gone
    or hung. Signals come in through `Records`, which survives that; their effects are told to listeners."""

    def listen(self, listener: Listener) -> None:
        """Be told of every commit, by the thread that made it."""
        ...

    def incidents(self, where: IncidentFilter, *, limit: int = 50, cursor: str | None = None) -> IncidentPage:
        """Raises ValueError for a cursor that this store did not give."""
        ...

    def alerts(self, where: AlertFilter, *, limit: int = 50, cursor: str | None = None) -> AlertPage:
        """Raises ValueError for a cursor that this store did not give."""
        ...

    def incident(self, reference: UUID | int) -> Incident:
        """By id or by number. Raises UnknownIncident."""
        ...

    def alert(self, alert_id: UUID) -> Alert | None: ...

    def timeline(self, incident_id: UUID, *, limit: int = 500) -> list[TimelineEntry]:
        """The newest lines of its story, oldest first."""
        ...

    def merged(self, incident_id: UUID) -> list[Incident]:
        """What was merged into this incident."""
        ...

    def open(self, incident: Incident, timeline: Sequence[TimelineEntry]) -> Incident:
        """Store an incident that a person or program opened. With an id that exists already, that one."""
        ...

    def edit(self, incident_id: UUID, edit: Edit) -> Incident:
        """Apply an edit to the incident as it stands now. Raises UnknownIncident, IllegalTransition."""
        ...

    def merge(self, child: UUID, root: UUID, edit: Edit) -> Incident:
        """Make one incident part of another, which is returned. Raises UnknownIncident, IncidentRefused."""
        ...

    def unresolved_of(self, services: Collection[str]) -> dict[str, int]:
        """Of these services those with an unresolved incident, by its service or by a firing alert in it; each with
        the number of the newest one."""
        ...

    def count_by_status(self) -> dict[IncidentStatus, int]: ...

    def statistics(self, since: datetime, until: datetime) -> Statistics:
        """By hour for two days or less, else by day."""
        ...

    def settling(self, at: datetime) -> list[UUID]:
        """Incidents whose flapping alerts have stayed away long enough."""
        ...

    def expired_leases(self, at: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Source and dedup key of open alerts whose lease has passed."""
        ...

    def missing_beats(self, at: datetime, *, limit: int) -> list[Heartbeat]:
        """Heartbeats that are overdue and have no open alert yet."""
        ...

    def heartbeats(self) -> list[Heartbeat]:
        """All that are awaited, by name."""
        ...

    def forget_heartbeat(self, name: str) -> bool:
        """Await it no more; returns whether it was."""
        ...

    def rules(self) -> StoredRules | None:
        """The rules that apply; None while nobody stored any."""
        ...

    def forget_old_messages(self) -> None:
        """Drop the ids of batches and messages that nobody repeats any more."""
        ...

    def save_rules(
        self,
        document: Mapping[str, Any],
        source: str,
        actor: str,
        at: datetime,
        *,
        expected: int | None = None,
    ) -> StoredRules:
        """Store the next version, as plain values and as the text they were given in; it applies from the next
        batch of signals on. The document is one that `read_rules` reads. Raises RulesChanged when the newest
        version is not the `expected` one (0: as shipped)."""
        ...

    def history(self, since: datetime, until: datetime) -> Iterator[Alert]:
        """Every alert accepted in a period, in that order."""
        ...

    def story(
        self, since: datetime, until: datetime, kinds: Collection[TimelineKind], *, limit: int
    ) -> list[TimelineEntry]:
        """The oldest lines of these kinds of all incidents' stories of a period, oldest first."""
        ...
