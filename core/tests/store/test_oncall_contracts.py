"""The contracts of directory and outbox on the twins and on a real Postgres."""

from collections.abc import Iterator

import pytest

from incidentops.adapters.postgres.directory import PostgresDirectory
from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.outbox import PostgresOutbox
from incidentops.testing.directory import MemoryDirectory
from incidentops.testing.directory_contract import DirectoryContract
from incidentops.testing.outbox import MemoryOutbox
from incidentops.testing.outbox_contract import OutboxContract
from incidentops.testing.store_containers import PostgresContainer

TABLES = "directory, notifications, escalations"


@pytest.fixture(scope="module")
def link(shared_postgres: PostgresContainer) -> Iterator[Link]:
    """One link for the module: its schema is made once, its tables are emptied for each test."""
    with shared_postgres.connect() as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    link = Link(shared_postgres.url)
    link.start()
    assert link.wait_until_up(30)
    yield link
    link.close()


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
