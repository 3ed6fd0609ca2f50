"""Carries the spool into Postgres, oldest first."""

import threading
from collections.abc import Sequence
from typing import Protocol

import structlog

from incidentops.adapters.backoff import Backoff
from incidentops.adapters.postgres.errors import RecordRefused
from incidentops.adapters.spool.codec import Record
from incidentops.adapters.spool.facts import UnknownPayload, from_record
from incidentops.adapters.spool.spool import Spool
from incidentops.domain.errors import Unavailable
from incidentops.ports import Fact

log = structlog.get_logger()

BATCH_RECORDS = 500
_PATIENCE_SECONDS = 0.25  # how long a close may have to wait for us
_IDLE_SECONDS = 1.0  # how often a spool held by another process is asked for again


class FactStore(Protocol):
    """The write side of the store. Writing a fact again changes nothing."""

    @property
    def up(self) -> bool: ...

    def wait_until_up(self, seconds: float) -> bool: ...

    def write(self, facts: Sequence[Fact]) -> None:
        """All in order, or none. Raises Unavailable, RecordRefused."""
        ...


class Replayer:
    """A thread. A batch leaves the spool after its commit: a death between the two repeats the batch, and
    repeating it changes nothing. A record that can never be stored is set aside and holds nobody up."""

    def __init__(self, spool: Spool, store: FactStore, batch_records: int = BATCH_RECORDS) -> None:
        self._spool = spool
        self._store = store
        self._batch_records = batch_records
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="spool-replayer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something was spooled."""
        self._wake.set()

    def close(self) -> None:
        """Finish the batch in hand, leave the rest in the spool."""
        self._closing.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def replay_batch(self) -> bool:
        """Store the oldest records; returns whether there were any. Raises Unavailable and OSError, having
        lost nothing."""
        batch = self._spool.peek(self._batch_records)
        if not batch.records:
            return False
        facts = [fact for record in batch.records if (fact := self._readable(record)) is not None]
        try:
            self._store.write(facts)
        except RecordRefused:
            self._write_one_by_one(batch.records)
        self._spool.acknowledge(batch)
        return True

    def _run(self) -> None:
        backoff = Backoff()
        while not self._closing.is_set():
            try:
                more = self._ready() and self.replay_batch()
            except (Unavailable, OSError) as error:
                log.warning("spool_replay_paused", reason=str(error), waiting=self._spool.backlog())
            except Exception:  # the thread must outlive any surprise; the spool keeps everything
                log.exception("spool_replay_failed")
            else:
                backoff.reset()
                self._rest(more)
                continue
            self._closing.wait(backoff.delay())

    def _rest(self, more: bool) -> None:
        if not more and not self._spool.backlog():
            self._wake.wait(_IDLE_SECONDS)
            self._wake.clear()

    def _ready(self) -> bool:
        """Whether there may be something to do now."""
        if not self._spool.open():
            return False
        if self._spool.failure is not None:
            self._spool.check()
        if not self._spool.backlog():
            return False
        return self._store.wait_until_up(_PATIENCE_SECONDS)

    def _readable(self, record: Record) -> Fact | None:
        try:
            return from_record(record)
        except UnknownPayload as error:
            self._set_aside(record, str(error))
            return None

    def _write_one_by_one(self, records: Sequence[Record]) -> None:
        for record in records:
            try:
                self._store.write([from_record(record)])
            except UnknownPayload:
                continue  # set aside before
            except RecordRefused as error:
                self._set_aside(record, str(error))

    def _set_aside(self, record: Record, reason: str) -> None:
        log.error("spool_record_refused", seq=record.seq, id=str(record.id), reason=reason)
        self._spool.set_aside(record, reason)
