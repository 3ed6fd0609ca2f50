"""The store contracts on the twins and on a real Postgres."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.spool.durable_records import DurableRecords
from incidentops.testing.experiment_contract import ExperimentContract
from incidentops.testing.store import MemoryRecords, MemoryStore
from incidentops.testing.store_containers import PostgresContainer
from incidentops.testing.store_contract import RecordsContract, StoreContract

Outage = Callable[[], AbstractContextManager[None]]


class TestMemoryStore(StoreContract, RecordsContract, ExperimentContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()

    @pytest.fixture
    def records(self, store: MemoryStore) -> MemoryRecords:
        return MemoryRecords(store)

    @pytest.fixture
    def outage(self, store: MemoryStore) -> Outage:
        return store.away


@pytest.mark.store
class TestPostgresStore(StoreContract, RecordsContract, ExperimentContract):
    @pytest.fixture
    def store(self, postgres_store: PostgresStore) -> PostgresStore:
        return postgres_store

    @pytest.fixture
    def records(self, store: PostgresStore, tmp_path: Path) -> Iterator[DurableRecords]:
        records = DurableRecords(store, tmp_path)
        records.start()
        yield records
        records.close()

    @pytest.fixture
    def outage(self, store: PostgresStore, postgres: PostgresContainer) -> Outage:
        @contextmanager
        def frozen() -> Iterator[None]:
            postgres.sigstop()
            try:
                yield
            finally:
                postgres.sigcont()
                assert store.wait_until_up(60)

        return frozen
