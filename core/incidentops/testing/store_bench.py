"""Measurements for `make bench`: what an action costs without Postgres, and how fast a spool is replayed."""

import time
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.spool.durable_records import DurableRecords
from incidentops.adapters.spool.facts import to_payload
from incidentops.adapters.spool.replayer import Replayer
from incidentops.adapters.spool.spool import Entry, Spool
from incidentops.testing.store import MemoryStore, an_action, ended


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """`floor_per_second`: the same rows written in the same batches without a spool."""

    records: int
    seconds: float
    floor_seconds: float

    @property
    def records_per_second(self) -> float:
        return self.records / self.seconds

    @property
    def floor_per_second(self) -> float:
        return self.records / self.floor_seconds


@dataclass(frozen=True, slots=True)
class SpoolCost:
    """Milliseconds that one `save_action` takes while Postgres is away."""

    p50_ms: float
    p99_ms: float


def measure_replay(store: PostgresStore, directory: Path, *, records: int = 10_000) -> ReplayResult:
    """Fill a new spool under `directory` and replay it into the store, which must be up. Half of the records
    are intents, half their outcomes."""
    spool = Spool(directory / "replay-bench")
    actions = [an_action(f"service-{number % 50}") for number in range(records // 2)]
    for action in actions:
        spool.append(Entry(*to_payload(action)))
        spool.append(Entry(*to_payload(ended(action))))
    begin = time.perf_counter()
    replayer = Replayer(spool, store)
    while replayer.replay_batch():
        pass
    seconds = time.perf_counter() - begin
    spool.close()
    return ReplayResult(len(actions) * 2, seconds, _measure_floor(store, len(actions) * 2))


def measure_spool_cost(directory: Path, *, actions: int = 1000) -> SpoolCost:
    """Save actions one after the other with Postgres away."""
    store = MemoryStore()
    records = DurableRecords(store, directory / "spool-bench")
    with store.away():
        records.start()
        times = [_seconds_to_save(records) for _ in range(actions)]
        records.close()
    cuts = quantiles(times, n=100)
    return SpoolCost(p50_ms=cuts[49] * 1000, p99_ms=cuts[98] * 1000)


def _measure_floor(store: PostgresStore, records: int, batch: int = 500) -> float:
    actions = [an_action(f"service-{number % 50}") for number in range(records // 2)]
    facts = [fact for action in actions for fact in (action, ended(action))]
    begin = time.perf_counter()
    for start in range(0, len(facts), batch):
        store.write(facts[start : start + batch])
    return time.perf_counter() - begin


def _seconds_to_save(records: DurableRecords) -> float:
    action = an_action()
    begin = time.perf_counter()
    records.save_action(action)
    return time.perf_counter() - begin
