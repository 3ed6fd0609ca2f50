"""The way to a database that may be absent, die or freeze: a pool, a deadline and a circuit breaker.

A pool of connections lives exactly as long as the database answers. The first call that meets a dead or
silent server throws the pool away (the breaker opens: every later call fails at once) and wakes the keeper,
a thread that connects, migrates, opens a new pool (the breaker closes) and sleeps until the next failure.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
import structlog
from psycopg.errors import DataError, IntegrityError, ProgramLimitExceeded, QueryCanceled
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from incidentops.adapters.backoff import Backoff
from incidentops.adapters.postgres.connection import (
    CONNECTION_ARGUMENTS,
    DeadlineConnection,
    connection_string,
)
from incidentops.adapters.postgres.errors import RecordRefused, SchemaTooNew
from incidentops.adapters.postgres.migrate import migrate
from incidentops.domain.errors import Unavailable

log = structlog.get_logger()
logging.getLogger("psycopg").setLevel(logging.ERROR)  # the keeper says it in the product's own words

T = TypeVar("T")
Work = Callable[[DeadlineConnection], T]
Pool = ConnectionPool[DeadlineConnection]
Prepare = Callable[[DeadlineConnection], None]

CALL_SECONDS = 0.4
"""What one call may take in all; with the machine's own delays that stays below the promised 500 ms."""
_STEADY_SECONDS = 1.0  # up for this long means the next failure is a new one: ask again at once
_CONNECT_SECONDS = 3.0


class Link:
    """Thread-safe. Nothing is connected before `start`; `start` returns at once."""

    def __init__(self, url: str, *, prepare: Prepare = migrate, pool_size: int = 8) -> None:
        self._url = url
        self._prepare = prepare
        self._pool_size = pool_size
        self._pool: Pool | None = None
        self._reason = "not connected yet"
        self._change = threading.Condition()
        self._discarded: list[Pool] = []
        self._closing = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="postgres-keeper", daemon=True)

    def start(self) -> None:
        self._keeper.start()

    def close(self) -> None:
        """End the keeper and every connection. Calls fail from now on."""
        self._closing.set()
        with self._change:
            self._change.notify_all()
        if self._keeper.is_alive():
            self._keeper.join(timeout=_CONNECT_SECONDS * 2)

    @property
    def up(self) -> bool:
        """Whether the last exchange went well; False means that calls fail at once."""
        return self._pool is not None

    def wait_until_up(self, seconds: float) -> bool:
        """Wait for the database to answer; returns whether it does."""
        with self._change:
            return self._change.wait_for(lambda: self.up, timeout=seconds)

    def call(self, work: Work[T], *, seconds: float = CALL_SECONDS) -> T:
        """Run `work` on a connection of its own, for at most `seconds` in all.

        Raises Unavailable("postgres", …), after which the work may or may not have been done, and
        RecordRefused when the database refuses the data itself.
        """
        pool = self._pool
        if pool is None:
            raise Unavailable("postgres", self._reason)
        try:
            return _on_connection(pool, work, seconds)
        except (DataError, IntegrityError, ProgramLimitExceeded) as error:
            raise RecordRefused(_sentence(error)) from error
        except QueryCanceled as error:  # slow, but it did answer
            raise Unavailable("postgres", _sentence(error)) from error
        except psycopg.Error as error:
            self._judge(pool, error)
            raise Unavailable("postgres", _sentence(error)) from error

    def _judge(self, pool: Pool, error: psycopg.Error) -> None:
        """Open the breaker for a dead or silent server, not for a statement that it refuses."""
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            self._lose(pool, _sentence(error))

    def _lose(self, pool: Pool | None, reason: str) -> None:
        with self._change:
            if pool is None or self._pool is not pool:
                return  # someone else has noticed before
            self._pool = None
            self._reason = reason
            self._discarded.append(pool)
            self._change.notify_all()
        log.warning("postgres_lost", reason=reason)

    def _keep(self) -> None:
        backoff = Backoff()
        while not self._closing.is_set():
            if self._open():
                opened_at = time.monotonic()
                self._sleep_while_up()
                self._close_discarded()
                if time.monotonic() - opened_at > _STEADY_SECONDS:
                    backoff.reset()
                    continue
            self._closing.wait(backoff.delay())
        self._lose(self._pool, "closed")
        self._close_discarded()

    def _open(self) -> bool:
        try:
            self._check_and_prepare()
            pool = self._fresh_pool()
        except (psycopg.Error, SchemaTooNew) as error:
            self._note_failure(_sentence(error))
            return False
        with self._change:
            self._pool = pool
            self._change.notify_all()
        log.info("postgres_connected")
        return True

    def _check_and_prepare(self) -> None:
        with DeadlineConnection.to(self._url, statement_seconds=60) as connection:
            connection.deadline = time.monotonic() + _CONNECT_SECONDS
            self._prepare(connection)

    def _fresh_pool(self) -> Pool:
        pool = ConnectionPool(
            connection_string(self._url, statement_seconds=CALL_SECONDS - 0.05),
            connection_class=DeadlineConnection,
            kwargs=CONNECTION_ARGUMENTS,
            min_size=1,
            max_size=self._pool_size,
            open=False,
            reconnect_timeout=_CONNECT_SECONDS,
            reconnect_failed=lambda lost: self._lose(lost, "connections cannot be replaced"),
            name="postgres",
        )
        pool.open(wait=True, timeout=_CONNECT_SECONDS)
        return pool

    def _note_failure(self, reason: str) -> None:
        if reason != self._reason:
            log.warning("postgres_away", reason=reason)
        self._reason = reason

    def _sleep_while_up(self) -> None:
        with self._change:
            self._change.wait_for(lambda: not self.up or self._closing.is_set())

    def _close_discarded(self) -> None:
        while self._discarded:
            self._discarded.pop().close(timeout=0.5)


def _on_connection(pool: Pool, work: Work[T], seconds: float) -> T:
    deadline = time.monotonic() + seconds
    connection = pool.getconn(timeout=seconds)
    try:
        connection.deadline = deadline
        return work(connection)
    finally:
        pool.putconn(connection)


def _sentence(error: Exception) -> str:
    """The first line of what the library says."""
    if isinstance(error, PoolTimeout | PoolClosed):
        return "no connection in time"
    return (str(error).strip() or type(error).__name__).splitlines()[0]
