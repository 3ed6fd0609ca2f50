"""The contracts of faults on the twins, on a real Postgres and on a real disk."""

from pathlib import Path

import pytest

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.spool.fault_journal import FileFaultJournal
from incidentops.domain.errors import Unavailable
from incidentops.testing.fault_contract import FaultJournalContract, FaultStoreContract, Reopen
from incidentops.testing.faults import MemoryFaultJournal, a_fault
from incidentops.testing.store import MemoryStore


class TestMemoryFaults(FaultStoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


@pytest.mark.store
class TestPostgresFaults(FaultStoreContract):
    @pytest.fixture
    def store(self, postgres_store: PostgresStore) -> PostgresStore:
        return postgres_store


class TestMemoryFaultJournal(FaultJournalContract):
    @pytest.fixture
    def reopen(self) -> Reopen:
        journal = MemoryFaultJournal()
        return lambda: journal


class TestFileFaultJournal(FaultJournalContract):
    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Reopen:
        return lambda: FileFaultJournal(tmp_path)

    def test_a_disk_that_takes_nothing_is_said(self, tmp_path: Path):
        (tmp_path / "state").write_text("not a directory")
        with pytest.raises(Unavailable, match="spool"):
            FileFaultJournal(tmp_path / "state").put(a_fault())

    def test_a_journal_that_cannot_be_read_is_an_empty_one(self, tmp_path: Path):
        (tmp_path / "faults.json").write_text('[{"id": 1}]')
        assert FileFaultJournal(tmp_path).faults() == []
