"""The contracts of directory, outbox and escalations on the twins and on a real Postgres."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import pytest
from msgspec.structs import asdict

from incidentops.adapters.postgres.directory import PostgresDirectory
from incidentops.adapters.postgres.escalations import PostgresEscalations
from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.outbox import PostgresOutbox
from incidentops.domain.errors import Unavailable
from incidentops.domain.incidents import Incident
from incidentops.testing.containers import wait_until
from incidentops.testing.directory import MemoryDirectory
from incidentops.testing.directory_contract import DirectoryContract
from incidentops.testing.escalations import MemoryEscalations
from incidentops.testing.escalations_contract import EscalationsContract, IncidentChanged, Notes
from incidentops.testing.outbox import MemoryOutbox
from incidentops.testing.outbox_contract import OutboxContract
from incidentops.testing.store_containers import PostgresContainer

TABLES = "directory, notifications, escalations, incidents, incident_changes"
THREADS = 4


@pytest.fixture(scope="module")
def link(shared_postgres: PostgresContainer) -> Iterator[Link]:
    """One link for the module: its schema is made once, its tables are emptied for each test."""
    with shared_postgres.connect() as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    link = Link(shared_postgres.url)
    link.start()
    assert link.wait_until_up(30)
    wait_until(lambda: _many_at_once(link), seconds=60, what="connections for all threads of a test")
    yield link
    link.close()


def _many_at_once(link: Link) -> bool:
    """Whether several threads get a connection in time; on a loaded machine opening the first ones may not."""
    with ThreadPoolExecutor(THREADS) as pool, suppress(Unavailable):
        list(pool.map(lambda _: link.call(lambda c: c.execute("SELECT pg_sleep(0.05)")), range(THREADS)))
        return True
    return False


@pytest.fixture
def empty(link: Link) -> Link:
    link.call(lambda connection: connection.execute(f"TRUNCATE {TABLES} CASCADE"), seconds=10)
    return link


class TestMemoryDirectory(DirectoryContract):
    @pytest.fixture
    def directory(self) -> MemoryDirectory:
        return MemoryDirectory()


class TestMemoryOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self) -> MemoryOutbox:
        return MemoryOutbox()


@pytest.mark.store
class TestPostgresDirectory(DirectoryContract):
    @pytest.fixture
    def directory(self, empty: Link) -> PostgresDirectory:
        return PostgresDirectory(empty)


@pytest.mark.store
class TestPostgresOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self, empty: Link) -> PostgresOutbox:
        return PostgresOutbox(empty)


class TestMemoryEscalations(EscalationsContract):
    @pytest.fixture
    def outbox(self) -> MemoryOutbox:
        return MemoryOutbox()

    @pytest.fixture
    def escalations(self, outbox: MemoryOutbox) -> MemoryEscalations:
        return MemoryEscalations(outbox)

    @pytest.fixture
    def incident_changed(self, escalations: MemoryEscalations) -> IncidentChanged:
        return escalations.incident_changed

    @pytest.fixture
    def notes(self, escalations: MemoryEscalations) -> Notes:
        return lambda incident_id: escalations.notes[incident_id]


@pytest.mark.store
class TestPostgresEscalations(EscalationsContract):
    @pytest.fixture
    def outbox(self, empty: Link) -> PostgresOutbox:
        return PostgresOutbox(empty)

    @pytest.fixture
    def escalations(self, empty: Link) -> PostgresEscalations:
        return PostgresEscalations(empty)

    @pytest.fixture
    def incident_changed(self, shared_postgres: PostgresContainer) -> IncidentChanged:
        return IncidentTable(shared_postgres)

    @pytest.fixture
    def notes(self, shared_postgres: PostgresContainer) -> Notes:
        def read(incident_id: UUID) -> list[str]:
            with shared_postgres.connect() as connection:
                rows = connection.execute(
                    "SELECT text FROM incident_timeline WHERE incident_id = %s ORDER BY id", [incident_id]
                )
                return [str(text) for (text,) in rows]

        return read


class IncidentTable:
    """Writes incidents and their changes as intake does."""

    def __init__(self, postgres: PostgresContainer) -> None:
        self._postgres = postgres

    def __call__(self, incident: Incident, *, tells: bool = True) -> None:
        row = asdict(incident) | {
            "responders": list(incident.responders),
            "upstream": list(incident.upstream),
            "checklist": "[]",
        }
        names = ", ".join(row)
        values = ", ".join(f"%({name})s" for name in row)
        updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in row)
        with self._postgres.connect() as connection:
            connection.execute(
                f"INSERT INTO incidents ({names}) VALUES ({values}) ON CONFLICT (id) DO UPDATE SET {updates}",
                row,
            )
            if tells:
                connection.execute(
                    "INSERT INTO incident_changes (incident_id, kind, at) VALUES (%s, 'created', %s)",
                    [incident.id, incident.created_at],
                )
