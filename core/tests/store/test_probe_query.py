"""What a SQL probe can do to a real Postgres: read one value."""

import pytest

from incidentops.adapters.postgres.probe_query import ask_read_only
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.domain.errors import Unavailable
from incidentops.testing.store_containers import PostgresContainer

pytestmark = pytest.mark.store

ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN
        CREATE ROLE app LOGIN PASSWORD 'app';
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO app;
GRANT ALL ON ALL TABLES IN SCHEMA public TO app;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app;
"""


@pytest.fixture
def url(postgres: PostgresContainer, postgres_store: PostgresStore) -> str:
    """Opens the database as the application does in the stack: as a role that owns nothing else."""
    with postgres.connect() as connection:
        connection.execute(ROLE)
    return postgres.url.replace(postgres.url.partition("//")[2].partition("@")[0], "app:app")


def test_it_finds_the_first_column_of_the_first_row(url: str):
    assert ask_read_only(url, "select count(*) from actions", 2) == 0
    assert ask_read_only(url, "select 1.5::numeric, 2", 2) == 1.5
    assert ask_read_only(url, "select service from actions", 2) is None
    assert ask_read_only(url, "select now() -- whenever", 2)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("insert into wishes values ('redis', 'stopped', 'alice', now()) returning 1", "syntax"),
        ("select 1) as probe; drop table wishes; select * from (select 1", "multiple commands"),
        ("with gone as (delete from wishes returning 1) select 1", "must be at the top level"),
        ("select pg_read_file('/etc/passwd')", "permission denied"),
        ("select set_config('transaction_read_only', 'off', true)", "read-write mode"),
        ("select nextval('actions_seq_seq')", "read-only transaction"),
        ("select pg_sleep(5)", "longer than 0.2 s"),
        ("select nothing", "does not exist"),
    ],
)
def test_nothing_else(url: str, sql: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        ask_read_only(url, sql, 0.2)


def test_a_superuser_is_refused(postgres: PostgresContainer):
    with pytest.raises(ValueError, match="superuser"):
        ask_read_only(postgres.url, "select 1", 2)


def test_a_database_that_is_away_is_no_answer():
    with pytest.raises(Unavailable, match="postgres"):
        ask_read_only("postgresql://app:app@127.0.0.1:9/app", "select 1", 0.2)
