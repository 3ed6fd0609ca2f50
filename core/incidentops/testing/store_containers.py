"""A real Postgres for tests: its container, its URL, and the ways to hurt it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psycopg

from incidentops.testing.containers import (
    RunningContainer,
    docker,
    own_network,
    running_container,
    wait_until,
)

IMAGE = "incidentops/standin-postgres:trixie"
_USER = _DATABASE = "incidentops"
_PASSWORD = "for-tests-only"  # a throw-away container on 127.0.0.1


@dataclass(frozen=True, slots=True)
class PostgresContainer:
    """A running server with an empty database, and the URL that opens it."""

    container: RunningContainer
    url: str

    def kill(self) -> None:
        """SIGKILL; `start` brings it back on the same port with its data."""
        self.container.kill()

    def stop(self) -> None:
        """End it as an operator does."""
        docker("stop", self.container.id)

    def start(self) -> None:
        self.container.start()

    def empty(self) -> None:
        """Without any table."""
        with self.connect() as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def heal(self) -> None:
        """Whatever a test has done to it: it runs and answers, and its database is empty."""
        self.start()
        self.sigcont()
        wait_until(lambda: _answers(self.container), seconds=60, what="postgres answers")
        self.empty()

    def sigstop(self) -> None:
        """Freeze each of its processes; the kernel goes on accepting connections and packets for them."""
        self._signal_all(signal.SIGSTOP)

    def sigcont(self) -> None:
        self._signal_all(signal.SIGCONT)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        """A plain connection of the test's own, to look at what is stored."""
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)

    def _signal_all(self, number: signal.Signals) -> None:
        for line in docker("top", self.container.id, "-eo", "pid").splitlines()[1:]:
            with suppress(ProcessLookupError):
                os.kill(int(line), number)


@contextmanager
def running_postgres(name: str = "incidentops-test-postgres") -> Iterator[PostgresContainer]:
    """Raises EngineMissing without an engine or the image."""
    with (
        own_network(name) as network,
        running_container(
            IMAGE,
            ready=_answers,
            ports=[5432],
            env={"POSTGRES_USER": _USER, "POSTGRES_PASSWORD": _PASSWORD, "POSTGRES_DB": _DATABASE},
            options=[f"--network={network}"],
            name=name,
        ) as container,
    ):
        yield PostgresContainer(container, _url(container))


def _url(container: RunningContainer) -> str:
    return f"postgresql://{_USER}:{_PASSWORD}@127.0.0.1:{container.port(5432)}/{_DATABASE}"


def _answers(container: RunningContainer) -> bool:
    try:
        psycopg.connect(_url(container), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
