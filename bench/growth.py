"""What a history costs: intake, lists and one incident with a few alerts stored, and with a million."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

import psycopg

from bench import bodies, servers
from bench.figures import Figure, percentile
from bench.load import Load, send
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.testing.store_containers import running_postgres

FILL = Path(__file__).with_suffix(".sql")
OPEN_FEW, OPEN_MANY = 100, 100_000
ALERTS_FEW, ALERTS_MANY = 1_000, 1_000_000
PER_SERVICE = 60
"""Incidents of each service, in both histories: more than a page holds."""
ROUNDS, READS = 7, 120
WRITES_PER_SECOND, WRITE_SECONDS = 50, 3.0
GROWTH = 1.5
READ_MS = 50
LISTS = {
    "list of open incidents": "/api/v1/incidents?status=open",
    "list of all incidents": "/api/v1/incidents",
    "list of a service's incidents": "/api/v1/incidents?service=billing-1",
    "list of firing alerts": "/api/v1/alerts?status=firing",
}
DETAILS = [f"/api/v1/incidents/{number}" for number in range(1, READS + 1)]
INTAKE, DETAIL = "intake of an alert", "one incident"


@dataclass
class History:
    """A backend on so much history, and by what was asked of it the p99 of each round, in milliseconds."""

    port: int
    p99s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sent: int = 0

    def ask(self) -> None:
        """One round of everything."""
        load = Load(
            self.port, "/api/v1/alerts", bodies.single(), 4, WRITE_SECONDS, WRITES_PER_SECOND, first=self.sent
        )
        answers = send(load)
        self.sent += len(answers.milliseconds)
        self.p99s[INTAKE].append(percentile(answers.milliseconds, 99))
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        for name, path in LISTS.items():
            self.p99s[name].append(_p99(connection, [path] * READS))
        self.p99s[DETAIL].append(_p99(connection, DETAILS))

    def p99(self, name: str) -> float:
        """The median of the rounds: one hiccup of the machine decides a p99."""
        return median(self.p99s[name])


def measure() -> Iterator[Figure]:
    """Both histories stand side by side and are asked by turns: a busy machine slows both."""
    with _history(OPEN_FEW, ALERTS_FEW) as few, _history(OPEN_MANY, ALERTS_MANY) as many:
        for history in (few, many):
            history.ask()  # plans are made and caches filled by the first
            history.p99s.clear()
        for _ in range(ROUNDS):
            few.ask()
            many.ask()
    for name in (INTAKE, *LISTS, DETAIL):
        floor = few.p99(name)
        limits = {INTAKE: GROWTH * floor, DETAIL: READ_MS}
        limit = limits.get(name, min(READ_MS, GROWTH * floor))
        yield Figure(f"{name}, p99 at 1M alerts", "ms", many.p99(name), floor, limit)


@contextmanager
def _history(open_incidents: int, alerts: int) -> Iterator[History]:
    with running_postgres(f"bench-growth-{alerts}") as postgres:
        _fill(postgres.url, open_incidents, alerts)
        with servers.backend(postgres.url) as port:
            yield History(port)


def _fill(url: str, open_incidents: int, alerts: int) -> None:
    _migrate(url)
    ended = (alerts - open_incidents) // 10
    with psycopg.connect(url, autocommit=True) as connection:
        incidents = open_incidents + ended
        services = incidents // PER_SERVICE
        parameters = {"open": open_incidents, "incidents": incidents, "services": services}
        connection.execute(FILL.read_bytes(), parameters)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")  # else it is written out while we measure


def _migrate(url: str) -> None:
    store = PostgresStore(url)
    store.start()
    if not store.wait_until_up(60):
        raise TimeoutError("the bench's own Postgres does not answer")
    store.close()


def _p99(connection: HTTPConnection, paths: list[str]) -> float:
    return percentile([_timed(connection, path) for path in paths], 99)


def _timed(connection: HTTPConnection, path: str) -> float:
    begin = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return (time.perf_counter() - begin) * 1000
