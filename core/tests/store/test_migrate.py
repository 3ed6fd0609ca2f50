"""The schema moves forward, once, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from incidentops.adapters.postgres.connection import DeadlineConnection
from incidentops.adapters.postgres.errors import SchemaTooNew
from incidentops.adapters.postgres.migrate import Migrations, migrate, shipped_migrations
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.domain.errors import Unavailable
from incidentops.testing.containers import wait_until
from incidentops.testing.store_containers import PostgresContainer

pytestmark = pytest.mark.store

TWO: Migrations = {1: "CREATE TABLE one (n int)", 2: "CREATE TABLE two (n int); INSERT INTO two VALUES (2)"}


def run(postgres: PostgresContainer, migrations: Migrations | None = None) -> None:
    with DeadlineConnection.to(postgres.url, statement_seconds=30) as connection:
        migrate(connection, migrations)


def applied(postgres: PostgresContainer) -> list[int]:
    with postgres.connect() as connection:
        rows = connection.execute("SELECT version FROM schema_migrations ORDER BY version").fetchall()
    return [int(str(version)) for (version,) in rows]


def test_shipped_migrations_are_numbered_without_gaps():
    assert list(shipped_migrations()) == list(range(1, len(shipped_migrations()) + 1))


def test_an_empty_database_gets_every_migration(postgres: PostgresContainer):
    run(postgres)
    assert applied(postgres) == list(shipped_migrations())


def test_only_what_is_missing_is_applied(postgres: PostgresContainer):
    run(postgres, {1: TWO[1]})
    run(postgres, TWO)
    run(postgres, TWO)
    assert applied(postgres) == [1, 2]
    with postgres.connect() as connection:
        assert connection.execute("SELECT n FROM two").fetchall() == [(2,)]


def test_several_backends_may_start_at_once(postgres: PostgresContainer):
    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(lambda _: run(postgres, TWO), range(6)))
    assert applied(postgres) == [1, 2]
    with postgres.connect() as connection:
        assert connection.execute("SELECT n FROM two").fetchall() == [(2,)]


def test_a_migration_that_fails_leaves_nothing_behind(postgres: PostgresContainer):
    broken: Migrations = {1: TWO[1], 2: "CREATE TABLE two (n int); SELECT 1 / 0"}
    with pytest.raises(psycopg.errors.DivisionByZero):
        run(postgres, broken)
    assert applied(postgres) == [1]
    run(postgres, TWO)
    assert applied(postgres) == [1, 2]


def test_a_schema_of_a_newer_release_is_refused_with_both_numbers(postgres: PostgresContainer):
    run(postgres, TWO)
    with pytest.raises(SchemaTooNew, match="version 2, this release knows 1"):
        run(postgres, {1: TWO[1]})


def test_a_store_on_a_newer_schema_writes_nothing_and_says_why(postgres: PostgresContainer):
    run(postgres)
    with postgres.connect() as connection:
        connection.execute("INSERT INTO schema_migrations (version) VALUES (999)")
    store = PostgresStore(postgres.url)
    store.start()

    def says_why() -> bool:
        try:
            store.ping()
        except Unavailable as error:
            return "version 999" in error.reason
        return False

    wait_until(says_why, seconds=60, what="the refusal is told")
    assert not store.up
    store.close()
