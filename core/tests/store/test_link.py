"""How long anything takes when the database is absent, dead or frozen, and how it comes back."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from uuid import UUID

import pytest

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.domain.errors import Unavailable
from incidentops.ports import ActionFilter
from incidentops.testing.containers import wait_until
from incidentops.testing.promptness import fastest
from incidentops.testing.store import an_action
from incidentops.testing.store_containers import PostgresContainer, running_postgres

pytestmark = pytest.mark.store

LIMIT = 0.5
"""Seconds that one call may take, whatever the database does."""
RETURN_SECONDS = 60.0
Call = Callable[[PostgresStore], object]
CALLS: dict[str, Call] = {
    "ping": lambda store: store.ping(),
    "actions": lambda store: store.actions(ActionFilter()),
    "action": lambda store: store.action(UUID(int=1)),
    "recent_actions": lambda store: store.recent_actions(),
    "write": lambda store: store.write([an_action()]),
}


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresContainer]:
    """A server that may be hurt."""
    with running_postgres("store-link") as postgres:
        yield postgres


@pytest.fixture
def store(own_postgres: PostgresContainer) -> Iterator[PostgresStore]:
    store = PostgresStore(own_postgres.url)
    store.start()
    assert store.wait_until_up(RETURN_SECONDS)
    yield store
    store.close()


def refused_after(store: PostgresStore, call: Call) -> float:
    """Seconds until the call gave up."""
    begin = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        call(store)
    assert caught.value.part == "postgres"
    return time.monotonic() - begin


def refused_at_first_and_then(store: PostgresStore, call: Call) -> float:
    """Seconds until the first call of an outage gave up; the next ones give up at once."""
    first = refused_after(store, call)
    assert median(refused_after(store, call) for _ in range(50)) < 0.001
    return first


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_frozen_server_costs_one_caller_half_a_second_and_the_next_nothing(
    store: PostgresStore, own_postgres: PostgresContainer, call: Call
):
    def attempt() -> float:
        own_postgres.sigstop()
        try:
            seconds = refused_at_first_and_then(store, call)
            assert not store.up
        finally:
            own_postgres.sigcont()
        assert store.wait_until_up(RETURN_SECONDS)
        call(store)
        return seconds

    assert fastest(attempt, LIMIT) < LIMIT


def test_a_paused_container_is_a_frozen_server(store: PostgresStore, own_postgres: PostgresContainer):
    def attempt() -> float:
        own_postgres.container.freeze()
        try:
            return refused_at_first_and_then(store, CALLS["ping"])
        finally:
            own_postgres.container.thaw()
            assert store.wait_until_up(RETURN_SECONDS)

    assert fastest(attempt, LIMIT) < LIMIT


@pytest.mark.parametrize("end", [PostgresContainer.kill, PostgresContainer.stop], ids=["SIGKILL", "stop"])
def test_a_dead_server_fails_fast_and_is_found_again(
    store: PostgresStore, own_postgres: PostgresContainer, end: Callable[[PostgresContainer], None]
):
    end(own_postgres)
    try:
        assert refused_at_first_and_then(store, CALLS["write"]) < LIMIT
    finally:
        own_postgres.start()
    assert store.wait_until_up(RETURN_SECONDS)
    store.ping()


def test_every_thread_gives_up_in_time_when_all_wait_for_a_frozen_server(
    store: PostgresStore, own_postgres: PostgresContainer
):
    def attempt() -> float:
        own_postgres.sigstop()
        try:
            with ThreadPoolExecutor(max_workers=24) as pool:
                return max(pool.map(lambda _: refused_after(store, CALLS["ping"]), range(24)))
        finally:
            own_postgres.sigcont()
            assert store.wait_until_up(RETURN_SECONDS)

    assert fastest(attempt, LIMIT) < LIMIT


def test_a_store_starts_without_a_database_and_connects_when_it_comes(own_postgres: PostgresContainer):
    own_postgres.stop()
    store = PostgresStore(own_postgres.url)
    begin = time.monotonic()
    store.start()
    assert time.monotonic() - begin < 0.1
    assert refused_at_first_and_then(store, CALLS["ping"]) < LIMIT
    own_postgres.start()
    assert store.wait_until_up(RETURN_SECONDS)
    store.close()


def test_one_lost_connection_is_replaced(store: PostgresStore, own_postgres: PostgresContainer):
    with own_postgres.connect() as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'incidentops' AND pid <> pg_backend_pid()"
        )
    with pytest.raises(Unavailable):
        store.ping()
    assert store.wait_until_up(RETURN_SECONDS)
    store.ping()


def test_a_slow_statement_is_ended_and_does_not_open_the_breaker(
    store: PostgresStore, own_postgres: PostgresContainer
):
    with own_postgres.connect() as operator, operator.transaction():
        operator.execute("LOCK TABLE actions IN ACCESS EXCLUSIVE MODE")
        assert fastest(lambda: refused_after(store, CALLS["actions"]), LIMIT) < LIMIT
        assert store.up
        store.ping()


def test_a_closed_store_leaves_no_connection(own_postgres: PostgresContainer):
    store = PostgresStore(own_postgres.url)
    store.start()
    assert store.wait_until_up(RETURN_SECONDS)
    store.close()
    with own_postgres.connect() as operator:

        def alone() -> bool:
            row = operator.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'incidentops'"
            ).fetchone()
            return row == (0,)

        wait_until(alone, seconds=RETURN_SECONDS, what="all connections are closed")
    assert refused_after(store, CALLS["ping"]) < LIMIT


def test_no_answer_shows_the_password(own_postgres: PostgresContainer):
    store = PostgresStore(own_postgres.url.replace("for-tests-only", "not-the-password"))
    store.start()
    assert not store.wait_until_up(0.5)
    with pytest.raises(Unavailable, match="password authentication failed") as caught:
        store.ping()
    assert "not-the-password" not in str(caught.value)
    store.close()
