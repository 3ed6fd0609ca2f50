"""What a history costs: intake, lists and one incident with a few alerts stored, and with a million."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path

import psycopg

from bench import bodies, servers
from bench.figures import Figure, percentile
from bench.load import Load, send
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.testing.store_containers import running_postgres

FILL = Path(__file__).with_suffix(".sql")
OPEN_FEW, OPEN_MANY = 100, 100_000
ALERTS_FEW, ALERTS_MANY = 1_000, 1_000_000
WARM_UP, READS = 20, 300
WRITES_PER_SECOND, WRITE_SECONDS = 50, 8.0
GROWTH = 1.5
READ_MS = 50
LISTS = {
    "list of open incidents": "/api/v1/incidents?status=open",
    "list of all incidents": "/api/v1/incidents",
    "list of a service's incidents": "/api/v1/incidents?service=billing-7",
    "list of firing alerts": "/api/v1/alerts?status=firing",
}


@dataclass(frozen=True, slots=True)
class Size:
    """p99 in milliseconds with so much stored, by what was asked."""

    lists: dict[str, float]
    detail: float
    intake: float


def measure() -> Iterator[Figure]:
    """Each size in a Postgres of its own."""
    few = _measured(OPEN_FEW, ALERTS_FEW)
    many = _measured(OPEN_MANY, ALERTS_MANY)
    yield Figure("intake of an alert, p99 at 1M alerts", "ms", many.intake, few.intake, GROWTH * few.intake)
    for name, value in many.lists.items():
        limit = min(READ_MS, GROWTH * few.lists[name])
        yield Figure(f"{name}, p99 at 1M alerts", "ms", value, few.lists[name], limit)
    yield Figure("one incident, p99 at 1M alerts", "ms", many.detail, few.detail, READ_MS)


def _measured(open_incidents: int, alerts: int) -> Size:
    with running_postgres("bench-growth") as postgres:
        _fill(postgres.url, open_incidents, alerts)
        with servers.backend(postgres.url) as port:
            load = Load(port, "/api/v1/alerts", bodies.single(), 4, WRITE_SECONDS, WRITES_PER_SECOND)
            send(load)  # plans are made and caches filled by the first
            intake = percentile(send(_further(load)).milliseconds, 99)
            lists = {name: _p99(port, [path]) for name, path in LISTS.items()}
            detail = _p99(port, [f"/api/v1/incidents/{number}" for number in range(1, OPEN_FEW + 1)])
    return Size(lists, detail, intake)


def _further(load: Load) -> Load:
    return Load(
        load.port, load.path, load.body, load.connections, load.seconds, load.per_second, first=1_000_000
    )


def _fill(url: str, open_incidents: int, alerts: int) -> None:
    _migrate(url)
    ended = (alerts - open_incidents) // 10
    with psycopg.connect(url, autocommit=True) as connection:
        parameters = {"open": open_incidents, "incidents": open_incidents + ended}
        connection.execute(FILL.read_bytes(), parameters)
        connection.execute("VACUUM ANALYZE")


def _migrate(url: str) -> None:
    store = PostgresStore(url)
    store.start()
    if not store.wait_until_up(60):
        raise TimeoutError("the bench's own Postgres does not answer")
    store.close()


def _p99(port: int, paths: list[str]) -> float:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    for path in islice(cycle(paths), WARM_UP):
        _timed(connection, path)
    return percentile([_timed(connection, path) for path in islice(cycle(paths), READS)], 99)


def _timed(connection: HTTPConnection, path: str) -> float:
    begin = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return (time.perf_counter() - begin) * 1000
