"""The in-memory twins of `Store` and `Records`, and ready-made actions and wishes."""

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from incidentops.adapters.postgres.cursor import Cursor
from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.alerts import SignalBatch
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.runs import Run, RunEntries
from incidentops.domain.faults import Fault
from incidentops.domain.guards import Guard
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.messages.ids import uuid7
from incidentops.ports import ActionFilter, ActionPage, Fact, StoredRecovery, StoredWish
from incidentops.testing.directory import MemoryDirectory
from incidentops.testing.escalations import MemoryEscalations
from incidentops.testing.experiments import MemoryExperiments
from incidentops.testing.faults import MemoryFaults
from incidentops.testing.incidents import MemoryIncidents
from incidentops.testing.outbox import MemoryOutbox
from incidentops.testing.remediation import MemoryRemediation, keep_newest
from incidentops.testing.story import MemoryChronicle, MemoryEvidence

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def an_action(service: str = "redis", *, after_seconds: float = 0.0, verb: Verb = Verb.STOP,
              actor: str = "alice", action_id: UUID | None = None) -> Action:  # fmt: skip
    """An intent, `after_seconds` past noon."""
    return Action(
        id=action_id or uuid7(),
        service=service,
        verb=verb,
        actor=actor,
        source=Source.API,
        outcome=Outcome.RUNNING,
        message="",
        started_at=NOON + timedelta(seconds=after_seconds),
    )


def ended(action: Action, outcome: Outcome = Outcome.SUCCEEDED, message: str = "done") -> Action:
    """The outcome of that intent, 250 ms later."""
    return action.finished(outcome, message, action.started_at + timedelta(milliseconds=250))


def a_wish(service: str = "redis", wish: Wish = Wish.STOPPED, *, after_seconds: float = 0.0) -> StoredWish:
    return StoredWish(service, wish, "alice", NOON + timedelta(seconds=after_seconds))


def a_recovery(
    service: str = "redis", mode: RecoveryMode = RecoveryMode.AUTO, *, after_seconds: float = 0.0
) -> StoredRecovery:
    return StoredRecovery(service, mode, "alice", NOON + timedelta(seconds=after_seconds))


class MemoryStore:
    """Thread-safe twin of the Postgres store, write side included. Inside `away()` every call raises."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._present = threading.Event()
        self._present.set()
        self._actions: dict[UUID, Action] = {}
        self._wishes: dict[str, StoredWish] = {}
        self._recoveries: dict[str, StoredRecovery] = {}
        self.incidents = MemoryIncidents(self.ping)
        self.directory = MemoryDirectory(self.ping)
        self.outbox = MemoryOutbox(self.ping)
        self.escalations = MemoryEscalations(
            self.outbox, self.ping, self.incidents.timeline, self.incidents.alerts_of
        )
        self.incidents.listen(self.escalations.committed)
        self.remediation = MemoryRemediation(self.ping)
        self.experiments = MemoryExperiments(self.ping)
        self.faults = MemoryFaults(self.ping)
        self.chronicle = MemoryChronicle(self._ordered, self.faults, self.remediation, self.experiments)
        self.evidence = MemoryEvidence(self.incidents, self.ping)

    @property
    def up(self) -> bool:
        return self._present.is_set()

    def wait_until_up(self, seconds: float) -> bool:
        return self._present.wait(seconds)

    @contextmanager
    def away(self) -> Iterator[None]:
        """The database is gone until the block is left."""
        self._present.clear()
        try:
            yield
        finally:
            self._present.set()

    def ping(self) -> None:
        if not self._present.is_set():
            raise Unavailable("postgres", "switched off by the test")

    def actions(self, where: ActionFilter, *, limit: int = 50, cursor: str | None = None) -> ActionPage:
        if limit < 1:
            raise ValueError(f"limit must be at least 1, not {limit}")
        before = Cursor.parse(cursor) if cursor is not None else None
        found = [item for item in reversed(self._ordered()) if _matches(item, where, before)]
        items = tuple(found[:limit])
        return ActionPage(items, str(Cursor.after(items[-1])) if len(found) > limit else None)

    def action(self, action_id: UUID) -> Action | None:
        return next((item for item in self._ordered() if item.id == action_id), None)

    def recent_actions(self, per_service: int = 50) -> list[Action]:
        kept: dict[str, deque[Action]] = {}
        for item in self._ordered():
            kept.setdefault(item.service, deque(maxlen=per_service)).append(item)
        return sorted((item for items in kept.values() for item in items), key=_key)

    def running_actions(self) -> list[Action]:
        return [item for item in self._ordered() if item.outcome is Outcome.RUNNING]

    def wishes(self) -> dict[str, StoredWish]:
        self.ping()
        with self._lock:
            return dict(self._wishes)

    def recoveries(self) -> dict[str, StoredRecovery]:
        self.ping()
        with self._lock:
            return dict(self._recoveries)

    def write(self, facts: Sequence[Fact]) -> None:
        self.ping()
        with self._lock:
            for fact in facts:
                self._put(fact)
        for fact in facts:
            if isinstance(fact, SignalBatch):
                self.incidents.ingest(fact)

    def _put(self, fact: Fact) -> None:
        match fact:
            case Action():
                self._put_action(fact)
            case StoredWish():
                keep_newest(self._wishes, fact)
            case StoredRecovery():
                keep_newest(self._recoveries, fact)
            case Guard() | DecisionRow():
                self.remediation.put(fact)
            case Run() | RunEntries():
                self.experiments.take(fact)
            case Fault():
                self.faults.put(fact)

    def _ordered(self) -> list[Action]:
        """Oldest first."""
        self.ping()
        with self._lock:
            return sorted(self._actions.values(), key=_key)

    def _put_action(self, action: Action) -> None:
        action = replace(action, started_at=action.started_at.astimezone(UTC))
        known = self._actions.setdefault(action.id, action)
        if known.outcome is Outcome.RUNNING:
            self._actions[action.id] = action


class MemoryRecords:
    """Twin of the durable records: a queue stands in for the spool. Inside `disk_full()` it takes nothing."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._queue: list[Fact] = []
        self._disk_full = False
        self._known: dict[str, StoredWish] = {}
        self._modes: dict[str, StoredRecovery] = {}
        self._guards: dict[str, Guard] = {}

    @contextmanager
    def disk_full(self) -> Iterator[None]:
        self._disk_full = True
        try:
            yield
        finally:
            self._disk_full = False

    def save_action(self, action: Action) -> None:
        self._accept(action)

    def save_signals(self, batch: SignalBatch) -> None:
        self._accept(batch)

    def save_wish(self, wish: StoredWish) -> None:
        self._accept(wish)
        self.remember_wishes([wish])

    def wishes(self) -> dict[str, StoredWish]:
        return dict(self._known)

    def remember_wishes(self, wishes: Iterable[StoredWish]) -> None:
        for wish in wishes:
            keep_newest(self._known, wish)

    def save_recovery(self, recovery: StoredRecovery) -> None:
        self._accept(recovery)
        self.remember_recoveries([recovery])

    def save_run(self, run: Run) -> None:
        self._accept(run)

    def save_run_entries(self, entries: RunEntries) -> None:
        self._accept(entries)

    def recoveries(self) -> dict[str, StoredRecovery]:
        return dict(self._modes)

    def remember_recoveries(self, recoveries: Iterable[StoredRecovery]) -> None:
        for recovery in recoveries:
            keep_newest(self._modes, recovery)

    def save_guard(self, guard: Guard) -> None:
        self._accept(guard)
        self.remember_guards([guard])

    def guards(self) -> dict[str, Guard]:
        return dict(self._guards)

    def remember_guards(self, guards: Iterable[Guard]) -> None:
        for guard in guards:
            keep_newest(self._guards, guard)

    def save_decision(self, decision: DecisionRow) -> None:
        self._accept(decision)

    def save_fault(self, fault: Fault) -> None:
        self._accept(fault)

    def backlog(self) -> int:
        self._drain()
        return len(self._queue)

    def healthy(self) -> bool:
        return not self._disk_full

    def wait_until_replayed(self, seconds: float) -> bool:
        self._store.wait_until_up(seconds)
        return self.backlog() == 0

    def _accept(self, fact: Fact) -> None:
        self._drain()
        with self._lock:
            if self._store.up and not self._queue:
                self._store.write([fact])
            elif self._disk_full:
                raise Unavailable("spool", "No space left on device")
            else:
                self._queue.append(fact)

    def _drain(self) -> None:
        with self._lock:
            if self._store.up and self._queue:
                self._store.write(self._queue)
                self._queue = []


def _key(action: Action) -> tuple[datetime, UUID]:
    return action.started_at, action.id


def _matches(action: Action, where: ActionFilter, before: Cursor | None) -> bool:
    wanted = (where.service, where.verb, where.actor, where.outcome)
    has = (action.service, action.verb, action.actor, action.outcome)
    older = before is None or _key(action) < (before.started_at, before.id)
    found = where.text is None or any(
        where.text.lower() in text.lower() for text in (action.message, action.actor)
    )
    return (
        older
        and found
        and all(want is None or want == value for want, value in zip(wanted, has, strict=True))
    )
