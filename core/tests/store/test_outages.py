"""Postgres killed, frozen and restarted while eight threads write: acknowledged is stored, once."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.spool.durable_records import DurableRecords
from incidentops.domain.services import Wish
from incidentops.testing.containers import wait_until
from incidentops.testing.store import a_wish, an_action, ended
from incidentops.testing.store_containers import PostgresContainer, running_postgres

pytestmark = pytest.mark.store

THREADS = 8
Harm = Callable[[PostgresContainer, "Load"], None]


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresContainer]:
    """A server that may be hurt."""
    with running_postgres("store-outage") as postgres:
        yield postgres


@pytest.fixture
def own_postgres(server: PostgresContainer) -> PostgresContainer:
    server.heal()
    return server


@pytest.fixture
def store(own_postgres: PostgresContainer) -> Iterator[PostgresStore]:
    store = PostgresStore(own_postgres.url)
    store.start()
    assert store.wait_until_up(60)
    yield store
    store.close()


@pytest.fixture
def records(store: PostgresStore, tmp_path: Path) -> Iterator[DurableRecords]:
    records = DurableRecords(store, tmp_path)
    records.start()
    yield records
    records.close()


@dataclass
class Load:
    """Threads that save an intent, then its outcome, and note what was acknowledged and how long it took."""

    records: DurableRecords
    acknowledged: list[UUID] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, thread: int) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            action = an_action(f"service-{thread}", after_seconds=number)
            begin = time.monotonic()
            self.records.save_action(action)
            self.records.save_action(ended(action))
            self.seconds.append(time.monotonic() - begin)
            self.acknowledged.append(action.id)
            self.over.wait(0.002)  # a busy operator, not a benchmark

    def wait_for_more(self, count: int = 300) -> None:
        goal = len(self.acknowledged) + count
        wait_until(lambda: len(self.acknowledged) >= goal, seconds=60, what=f"{goal} actions acknowledged")


def sigkill(postgres: PostgresContainer, load: Load) -> None:
    postgres.kill()
    load.wait_for_more()
    postgres.start()


def sigstop(postgres: PostgresContainer, load: Load) -> None:
    postgres.sigstop()
    load.wait_for_more()
    postgres.sigcont()


def stop_and_start(postgres: PostgresContainer, load: Load) -> None:
    postgres.stop()
    load.wait_for_more()
    postgres.start()


def flapping(postgres: PostgresContainer, load: Load) -> None:
    for _ in range(4):
        sigstop(postgres, load)
        load.wait_for_more(100)


@pytest.mark.parametrize("harm", [sigkill, sigstop, stop_and_start, flapping])
def test_acknowledged_is_stored_once_with_its_outcome(
    own_postgres: PostgresContainer, store: PostgresStore, records: DurableRecords, tmp_path: Path, harm: Harm
):
    load = Load(records)
    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        threads = [pool.submit(load.run, number) for number in range(THREADS)]
        load.wait_for_more()
        harm(own_postgres, load)
        load.wait_for_more()
        load.over.set()
        for thread in threads:
            thread.result()
    assert store.wait_until_up(60)
    assert records.wait_until_replayed(60)
    with own_postgres.connect() as connection:
        rows = connection.execute("SELECT id, outcome FROM actions").fetchall()
    assert sorted(UUID(str(row[0])) for row in rows) == sorted(load.acknowledged)
    assert {row[1] for row in rows} == {"succeeded"}
    assert max(load.seconds) < 1.0  # two saves, each at most 500 ms
    wait_until(
        lambda: not list(tmp_path.glob("spool/*.spool")), seconds=60, what="replayed files are removed"
    )


def test_the_last_wish_stands_when_the_database_froze_between_two(
    own_postgres: PostgresContainer, store: PostgresStore, records: DurableRecords
):
    records.save_wish(a_wish(wish=Wish.RUNNING, after_seconds=1))
    own_postgres.sigstop()
    records.save_wish(a_wish(wish=Wish.STOPPED, after_seconds=2))  # may still run when the server thaws
    records.save_wish(a_wish(wish=Wish.RUNNING, after_seconds=3))
    own_postgres.sigcont()
    assert records.wait_until_replayed(60)
    assert store.wishes()["redis"] == a_wish(wish=Wish.RUNNING, after_seconds=3)


def test_an_action_costs_little_while_the_database_is_away(
    own_postgres: PostgresContainer, records: DurableRecords
):
    own_postgres.kill()
    load = Load(records)
    records.save_action(an_action())  # meets the dead server
    thread = threading.Thread(target=load.run, args=[0])
    thread.start()
    load.wait_for_more(200)
    load.over.set()
    thread.join()
    typical = sorted(load.seconds)[len(load.seconds) // 2]
    assert typical < 0.010  # two saves, 5 ms each
