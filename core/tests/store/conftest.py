"""One real Postgres for all tests of the store; each test finds its tables empty."""

from collections.abc import Iterator

import pytest

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.testing.store_containers import PostgresContainer, running_postgres


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[PostgresContainer]:
    with running_postgres("store-shared") as postgres:
        yield postgres


@pytest.fixture
def postgres(shared_postgres: PostgresContainer) -> PostgresContainer:
    """The shared server with an empty database."""
    shared_postgres.empty()
    return shared_postgres


@pytest.fixture
def postgres_store(postgres: PostgresContainer) -> Iterator[PostgresStore]:
    store = PostgresStore(postgres.url)
    store.start()
    assert store.wait_until_up(60)
    yield store
    store.close()
