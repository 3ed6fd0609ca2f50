"""The contract of happenings and evidence on the twin and on a real Postgres, and what the database promises."""

import psycopg
import pytest

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.ports.incidents import IncidentFilter
from incidentops.testing.incidents import a_batch, a_signal
from incidentops.testing.store import MemoryStore
from incidentops.testing.store_containers import PostgresContainer
from incidentops.testing.story_contract import StoryContract, some_evidence


class TestMemoryStory(StoryContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


@pytest.mark.store
class TestPostgresStory(StoryContract):
    @pytest.fixture
    def store(self, postgres_store: PostgresStore) -> PostgresStore:
        return postgres_store


@pytest.mark.store
def test_evidence_cannot_be_changed(postgres_store: PostgresStore, postgres: PostgresContainer):
    postgres_store.write([a_batch(a_signal())])
    [incident] = postgres_store.incidents.incidents(IncidentFilter()).items
    postgres_store.evidence.keep([some_evidence(incident)])
    for statement in ("UPDATE incident_evidence SET taken_at = now()", "DELETE FROM incident_evidence"):
        with (
            postgres.connect() as connection,
            pytest.raises(psycopg.errors.RaiseException, match="never changed"),
        ):
            connection.execute(statement)
