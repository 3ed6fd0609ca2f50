"""What an action costs while Postgres is away, and how fast the spool is replayed when it returns."""

import tempfile
import time
from pathlib import Path

import requests

from bench.figures import Figure, median
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.testing.store_bench import measure_replay
from incidentops.testing.store_containers import running_postgres

API = "http://127.0.0.1:8000"
PINGS = 150


def measure() -> list[Figure]:
    """Pings of the same service with Postgres up and stopped, through the running stack; the replay into a
    Postgres of its own."""
    return [*_cost_without_postgres(), *_replay()]


def _cost_without_postgres() -> list[Figure]:
    with requests.Session() as session:
        with_postgres = _pings(session)
        session.post(f"{API}/stop/postgres", timeout=30).raise_for_status()
        try:
            without = _pings(session)
        finally:
            session.post(f"{API}/start/postgres", timeout=30).raise_for_status()
    extra = median(without) - median(with_postgres)
    return [
        Figure("an action with Postgres away, extra", "ms", extra, None, 5),
        Figure("POST /ping with Postgres away, median", "ms", median(without), median(with_postgres), None),
    ]


def _pings(session: requests.Session) -> list[float]:
    return [_timed_ping(session) for _ in range(PINGS)]


def _timed_ping(session: requests.Session) -> float:
    begin = time.perf_counter()
    session.post(f"{API}/ping/prometheus", timeout=10).raise_for_status()
    return (time.perf_counter() - begin) * 1000


def _replay() -> list[Figure]:
    with tempfile.TemporaryDirectory() as directory, running_postgres("bench-postgres") as postgres:
        store = PostgresStore(postgres.url)
        store.start()
        if not store.wait_until_up(30):
            raise TimeoutError("the bench's own Postgres does not answer")
        result = measure_replay(store, Path(directory))
        store.close()
    rate, floor = result.records_per_second, result.floor_per_second
    return [Figure("replay of the spool", "records/s", rate, floor, 5000, at_least=True)]
