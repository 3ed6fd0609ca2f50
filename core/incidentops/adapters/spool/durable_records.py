"""The port `Records`: Postgres when it answers, the local spool when it does not, and nothing lost between.

Why no lock spans the two. A fact goes straight to Postgres only when the spool is empty; otherwise, or when
the direct write fails or its answer is missing, it goes behind the spool.

- What has been accepted is in one of the two: `save` returns after the commit or after the fsync, and a
  record leaves the spool after its commit. So nothing is lost, whatever overtakes what.
- Order: whoever calls `save` after another `save` has returned finds that one committed, or counted in
  `backlog()` until it is committed; so it is written later. Calls at the same time have no order to keep.
- Doubles: an ambiguous direct write (no answer, yet perhaps committed, perhaps only when a frozen server
  thaws) is repeated by the replay. Every statement may be repeated, late or early: an action is inserted
  once, its first outcome stands, an intent never replaces an outcome, an older wish never a newer one. That
  also makes it safe to go straight to Postgres past a spool whose disk is full.

Several backends: one of them holds the spool's lock. The others write to Postgres alone and refuse what it
does not take, until the lock is free.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import structlog

from incidentops.adapters.spool.codec import Record
from incidentops.adapters.spool.facts import UnknownPayload, from_record, to_payload
from incidentops.adapters.spool.latest_file import LatestFile, T, guard_file, recovery_file, wish_file
from incidentops.adapters.spool.replayer import FactStore, Replayer
from incidentops.adapters.spool.spool import Entry, Spool
from incidentops.domain.actions import Action
from incidentops.domain.alerts import SignalBatch
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.runs import Run, RunEntries
from incidentops.domain.faults import Fault
from incidentops.domain.guards import Guard
from incidentops.ports import Fact, StoredRecovery, StoredWish

log = structlog.get_logger()


class DurableRecords:
    """Thread-safe. `start` before the first `save`, so that what an earlier process left goes first."""

    def __init__(self, store: FactStore, state_directory: Path) -> None:
        self._store = store
        self._spool = Spool(state_directory / "spool")
        self._wishes = wish_file(state_directory / "wishes.json")
        self._recoveries = recovery_file(state_directory / "recoveries.json")
        self._guards = guard_file(state_directory / "guards.json")
        self._replayer = Replayer(self._spool, store)

    def start(self) -> None:
        """Open the spool and begin the replay. A disk that does not let us is reported by `healthy` and tried
        again; while Postgres answers, facts are accepted all the same."""
        try:
            if self._spool.open():
                self._recover_latest()
        except (Unavailable, OSError) as error:
            log.error("spool_not_opened", reason=str(error))
        self._replayer.start()

    def close(self) -> None:
        """Leave what is spooled on the disk, for the next process."""
        self._replayer.close()
        self._spool.close()

    def save_action(self, action: Action) -> None:
        self._accept(action)

    def save_wish(self, wish: StoredWish) -> None:
        self._accept(wish)
        self.remember_wishes([wish])

    def save_recovery(self, recovery: StoredRecovery) -> None:
        self._accept(recovery)
        self.remember_recoveries([recovery])

    def save_signals(self, batch: SignalBatch) -> None:
        self._accept(batch)

    def save_guard(self, guard: Guard) -> None:
        self._accept(guard)
        self.remember_guards([guard])

    def save_decision(self, decision: DecisionRow) -> None:
        self._accept(decision)

    def save_run(self, run: Run) -> None:
        self._accept(run)

    def save_run_entries(self, entries: RunEntries) -> None:
        self._accept(entries)

    def save_fault(self, fault: Fault) -> None:
        self._accept(fault)

    def wishes(self) -> dict[str, StoredWish]:
        """The latest wishes as this machine knows them, by service; needs no Postgres."""
        return self._wishes.all()

    def remember_wishes(self, wishes: Iterable[StoredWish]) -> None:
        """Keep wishes read from Postgres for a boot without it. A failure is only logged: they are stored."""
        _remember(self._wishes, wishes)

    def recoveries(self) -> dict[str, StoredRecovery]:
        """The latest recovery modes as this machine knows them, by service; needs no Postgres."""
        return self._recoveries.all()

    def remember_recoveries(self, recoveries: Iterable[StoredRecovery]) -> None:
        """As `remember_wishes`."""
        _remember(self._recoveries, recoveries)

    def guards(self) -> dict[str, Guard]:
        """The latest guards as this machine knows them, by service; needs no Postgres."""
        return self._guards.all()

    def remember_guards(self, guards: Iterable[Guard]) -> None:
        """As `remember_wishes`."""
        _remember(self._guards, guards)

    def backlog(self) -> int:
        """Accepted facts that Postgres does not have yet."""
        return self._spool.backlog()

    def healthy(self) -> bool:
        """Whether a fact would be accepted if Postgres went away now."""
        return self._spool.held and self._spool.failure is None

    def wait_until_replayed(self, seconds: float) -> bool:
        """Wait for the spool to be empty; returns whether it is."""
        deadline = time.monotonic() + seconds
        while self.backlog() and time.monotonic() < deadline:
            time.sleep(0.005)
        return not self.backlog()

    def _accept(self, fact: Fact) -> None:
        straight = not self._spool.backlog()
        if straight and self._stored(fact):
            return
        try:
            self._spool.append(Entry(*to_payload(fact)))
        except Unavailable:
            if straight or not self._stored(fact):
                raise
        self._replayer.wake()

    def _stored(self, fact: Fact) -> bool:
        """Write straight to Postgres. False: it has not answered, and may or may not have stored it."""
        if not self._store.up:
            return False
        try:
            self._store.write([fact])
        except Unavailable:
            return False
        return True

    def _recover_latest(self) -> None:
        """A process killed between accepting a fact and writing its file left it in the spool only."""
        self._wishes.merge(_among(self._spool.waiting_records(), StoredWish))
        self._recoveries.merge(_among(self._spool.waiting_records(), StoredRecovery))
        self._guards.merge(_among(self._spool.waiting_records(), Guard))


def _remember(file: LatestFile[T], facts: Iterable[T]) -> None:
    try:
        file.merge(facts)
    except OSError as error:
        log.error("latest_file_not_written", reason=str(error))


def _among(records: Iterable[Record], kind: type[T]) -> Iterator[T]:
    for record in records:
        with suppress(UnknownPayload):  # the replayer sets it aside
            fact = from_record(record)
            if isinstance(fact, kind):
                yield fact
