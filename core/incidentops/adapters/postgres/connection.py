"""A connection whose every wait ends at a deadline, whatever the server does.

`statement_timeout` is the server's promise and `tcp_user_timeout` the kernel's: neither fires when the
server process is frozen (SIGSTOP, a paused container), because then the kernel still acknowledges packets.
psycopg runs every exchange as a generator that it resumes whenever the socket is ready or an interval has
passed; here that generator is wrapped in one that looks at the clock each time.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.conninfo import make_conninfo
from psycopg.rows import DictRow, dict_row

_CONNECT_SECONDS = 2  # the least that libpq accepts; only background threads wait for it


class DeadlinePassed(psycopg.OperationalError):
    """The server did not answer in time. The connection is closed: what it was doing is unknown."""


class DeadlineConnection(psycopg.Connection[DictRow]):
    """Autocommit, rows as dicts. Every exchange raises DeadlinePassed at `deadline` (monotonic seconds)."""

    deadline: float | None = None
    streams: int = 0
    """How often `streamed_within` has used it."""

    @classmethod
    def to(cls, url: str, *, statement_seconds: float) -> Self:
        """Connect within 2 s; the server ends statements after `statement_seconds`."""
        return cls.connect(connection_string(url, statement_seconds), **CONNECTION_ARGUMENTS)

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if self.deadline is None:
            return super().wait(gen, interval, timeout)
        remaining = max(0.0, self.deadline - time.monotonic())
        try:
            return super().wait(_until(self.deadline, gen), min(interval, remaining), timeout)
        except DeadlinePassed:
            self.close()
            raise


CONNECTION_ARGUMENTS: dict[str, Any] = {"autocommit": True, "row_factory": dict_row}


def connection_string(url: str, statement_seconds: float) -> str:
    """The URL with our own limits; options that the URL sets itself are replaced."""
    milliseconds = int(statement_seconds * 1000)
    return make_conninfo(
        url,
        connect_timeout=_CONNECT_SECONDS,
        tcp_user_timeout=2000,
        keepalives_idle=5,
        application_name="incidentops",
        options=f"-c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout=30000 "
        "-c timezone=UTC",
    )


_BY_KEY = (
    "SELECT set_config('statement_timeout', %s, true), set_config('plan_cache_mode', 'force_generic_plan', true), "
    "set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
)


@contextmanager
def statements_within(connection: DeadlineConnection, seconds: float) -> Iterator[None]:
    """A transaction whose statements may take that long."""
    with connection.transaction():
        connection.execute("SELECT set_config('statement_timeout', %s, true)", [f"{seconds}s"])
        yield


@contextmanager
def streamed_within(connection: DeadlineConnection, seconds: float) -> Iterator[None]:
    """As `statements_within`, but statements are sent without a wait for each other: only who fetches rows waits, and
    the end of the block for the commit. psycopg's own transaction would wait three times more.

    For statements that find their rows by key: each is planned once, and never to read a whole table. A plan made
    while tables were small, when one index was as good as another, would stay while they grow; so all are made anew
    after 1, 2, 4, 8, … uses of the connection.
    """
    try:
        with connection.pipeline():
            connection.execute("BEGIN")
            connection.execute(_BY_KEY, [f"{seconds}s"])
            connection.streams += 1
            if connection.streams.bit_count() == 1:
                connection.execute("DISCARD PLANS")
            yield
            connection.execute("COMMIT")
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise


def _until(deadline: float, exchange: PQGen[RV]) -> Generator[Any, Any, RV]:
    """The same exchange, given up at the deadline."""
    try:
        wanted = next(exchange)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() >= deadline:
                raise DeadlinePassed("no answer in time")
            wanted = exchange.send(ready)
    except StopIteration as end:
        result: RV = end.value
        return result
