"""Every filter of the action log finds an index that is already in page order."""

import pytest

from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.testing.store import an_action, ended
from incidentops.testing.store_containers import PostgresContainer

pytestmark = pytest.mark.store

ANY = dict.fromkeys(["service", "verb", "actor", "outcome", "text", "before_at", "before_id"])


@pytest.fixture
def filled(postgres_store: PostgresStore, postgres: PostgresContainer) -> PostgresContainer:
    for batch in range(10):
        rows = [an_action(f"service-{n % 20}", after_seconds=batch * 500 + n) for n in range(500)]
        postgres_store.write([ended(row) for row in rows])
    with postgres.connect() as connection:
        connection.execute("ANALYZE actions")
    return postgres


@pytest.mark.parametrize(
    "where",
    [{}, {"service": "service-3"}, {"verb": "ping"}, {"actor": "bob"}, {"outcome": "running"}],
    ids=str,
)
def test_a_page_is_read_from_an_index_without_sorting(filled: PostgresContainer, where: dict[str, str]):
    with filled.connect() as connection:
        rows = connection.execute(
            f"EXPLAIN {query('page_of_actions')}", {**ANY, **where, "limit": 51}, prepare=False
        ).fetchall()
    plan = "\n".join(str(row[0]) for row in rows)
    assert "Index" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan
