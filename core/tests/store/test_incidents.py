"""The contract of alerts and incidents on the twin and on a real Postgres, and what the database itself promises."""

import psycopg
import pytest

from incidentops.adapters.postgres.errors import RecordRefused
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.testing.incident_contract import IncidentContract
from incidentops.testing.incidents import a_batch, a_signal
from incidentops.testing.intake_contract import IntakeContract
from incidentops.testing.store import MemoryStore
from incidentops.testing.store_containers import PostgresContainer


class TestMemoryIncidents(IntakeContract, IncidentContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()


@pytest.mark.store
class TestPostgresIncidents(IntakeContract, IncidentContract):
    @pytest.fixture
    def store(self, postgres_store: PostgresStore) -> PostgresStore:
        return postgres_store


@pytest.mark.store
@pytest.mark.parametrize(
    "statement", ["UPDATE incident_timeline SET text = 'nothing happened'", "DELETE FROM incident_timeline"]
)
def test_the_timeline_cannot_be_rewritten(
    postgres_store: PostgresStore, postgres: PostgresContainer, statement: str
):
    postgres_store.write([a_batch(a_signal())])
    with (
        postgres.connect() as connection,
        pytest.raises(psycopg.errors.RaiseException, match="never changed"),
    ):
        connection.execute(statement)


@pytest.mark.store
def test_the_database_itself_refuses_a_second_open_alert_of_one_key(
    postgres_store: PostgresStore, postgres: PostgresContainer
):
    postgres_store.write([a_batch(a_signal())])
    columns = (
        "source, dedup_key, fingerprint, service, name, severity, summary, labels, annotations, status, "
        "started_at, last_seen_at, ended_at, lease_until, count, flaps, incident_id, upstream"
    )
    with postgres.connect() as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(
            f"INSERT INTO alerts (id, {columns}) SELECT gen_random_uuid(), {columns} FROM alerts"
        )


@pytest.mark.store
def test_what_no_index_can_hold_is_refused_and_the_database_stays_in_use(postgres_store: PostgresStore):
    signal = a_signal(service="".join(map(chr, range(0x4E00, 0x5E00))))
    with pytest.raises(RecordRefused):
        postgres_store.write([a_batch(signal)])
    assert postgres_store.up
