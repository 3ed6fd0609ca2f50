"""The in-memory twins of `Chronicle` and `EvidenceStore`."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from incidentops.adapters.postgres.cursor import Cursor
from incidentops.domain.actions import Action
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.evidence import Evidence, Moment
from incidentops.domain.experiments.runs import Run
from incidentops.domain.faults import Fault
from incidentops.domain.happenings import Happening, HappeningKind
from incidentops.domain.incidents import Incident
from incidentops.ports import DecisionFilter, FaultFilter
from incidentops.ports.chronicle import HappeningPage, Period
from incidentops.ports.evidence import Lacking
from incidentops.ports.incidents import IncidentFilter
from incidentops.testing.experiments import MemoryExperiments
from incidentops.testing.faults import MemoryFaults
from incidentops.testing.incidents import MemoryIncidents
from incidentops.testing.remediation import MemoryRemediation

_ALL = 1_000_000


class MemoryChronicle:
    """Reads the other twins."""

    def __init__(
        self,
        actions: Callable[[], Iterable[Action]],
        faults: MemoryFaults,
        remediation: MemoryRemediation,
        experiments: MemoryExperiments,
    ) -> None:
        self._actions, self._faults = actions, faults
        self._remediation, self._experiments = remediation, experiments

    def happenings(self, where: Period, *, limit: int = 50, cursor: str | None = None) -> HappeningPage:
        before = Cursor.parse(cursor) if cursor is not None else None
        found = sorted(self._all(where), key=_key, reverse=True)
        older = [item for item in found if before is None or _key(item) < (before.started_at, before.id)]
        last = older[limit - 1] if len(older) > limit else None
        return HappeningPage(tuple(older[:limit]), str(Cursor(last.at, last.id)) if last else None)

    def _all(self, where: Period) -> Iterator[Happening]:
        for action in self._actions():
            if action.service in where.services and where.since <= action.started_at <= where.until:
                yield _of_action(action)
        for decision in self._remediation.decisions(DecisionFilter(), limit=_ALL):
            if decision.service in where.services and where.since <= decision.at <= where.until:
                yield _of_decision(decision)
        harm = [item for item in self._faults.faults(FaultFilter(), limit=_ALL) if _harms(item, where)]
        yield from map(_of_fault, harm)
        runs = {item.run_id for item in harm}
        yield from (_of_run(run) for run in self._experiments.runs(limit=_ALL) if run.id in runs)


class MemoryEvidence:
    """Thread-safe. `check` raises what a store that is away raises."""

    def __init__(self, incidents: MemoryIncidents, check: Callable[[], None] = lambda: None) -> None:
        self._incidents, self._check = incidents, check
        self._lock = threading.Lock()
        self._kept: dict[tuple[UUID, Moment], Evidence] = {}

    def lacking(self, since: datetime, *, limit: int) -> list[Lacking]:
        incidents = sorted(
            self._incidents.incidents(IncidentFilter(), limit=_ALL).items, key=lambda item: item.number
        )
        with self._lock:
            found = [
                Lacking(item, moment)
                for moment in Moment
                for item in incidents
                if (item.id, moment) not in self._kept and _after(item, moment, since)
            ]
        return found[:limit]

    def keep(self, taken: Sequence[Evidence]) -> None:
        self._check()
        with self._lock:
            for item in taken:
                self._kept.setdefault((item.incident_id, item.moment), item)

    def evidence(self, incident_id: UUID) -> list[Evidence]:
        self._check()
        with self._lock:
            kept = [self._kept.get((incident_id, moment)) for moment in Moment]
        return [item for item in kept if item]


def _after(incident: Incident, moment: Moment, since: datetime) -> bool:
    at = incident.created_at if moment is Moment.OPENED else incident.resolved_at
    return at is not None and at > since


def _harms(fault: Fault, where: Period) -> bool:
    over = fault.ended and (fault.undone_at is None or fault.undone_at < where.since)
    lately = fault.requested_at >= where.since or not over
    return fault.service in where.services and fault.requested_at <= where.until and lately


def _key(item: Happening) -> tuple[datetime, UUID]:
    return item.at, item.id


def _of_action(action: Action) -> Happening:
    took = action.duration_ms
    ended_at = None if took is None else action.started_at + timedelta(milliseconds=took)
    return Happening(
        HappeningKind.ACTION,
        action.id,
        action.started_at,
        ended_at,
        action.service,
        action.verb,
        action.outcome,
        action.actor,
        action.message,
    )


def _of_decision(row: DecisionRow) -> Happening:
    return Happening(
        HappeningKind.DECISION, row.id, row.at, row.at, row.service, row.kind, "", row.by, row.reason
    )


def _of_fault(fault: Fault) -> Happening:
    return Happening(
        HappeningKind.FAULT,
        fault.id,
        fault.requested_at,
        fault.undone_at,
        fault.service,
        fault.kind,
        fault.state,
        fault.requested_by,
        fault.reason or "",
        fault.run_id,
    )


def _of_run(run: Run) -> Happening:
    return Happening(
        HappeningKind.EXPERIMENT,
        run.id,
        run.requested_at,
        run.ended_at,
        "",
        run.experiment.name,
        run.verdict or run.phase,
        run.asked_by,
        run.reason,
        run.id,
    )
