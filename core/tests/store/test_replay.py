"""A thousand spooled records and a death in the middle of their replay: each is stored once, in order."""

import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.spool.facts import to_payload
from incidentops.adapters.spool.spool import Entry, Spool
from incidentops.domain.actions import Action, Outcome
from incidentops.testing.containers import wait_until
from incidentops.testing.store import an_action, ended
from incidentops.testing.store_bench import measure_replay
from incidentops.testing.store_containers import PostgresContainer

pytestmark = pytest.mark.store

PROCESS = Path(__file__).with_name("replaying_process.py")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spooled(directory: Path) -> list[Action]:
    """500 intents, each with its outcome a few records later: 1,000 records."""
    actions = [an_action(f"service-{number % 7}", after_seconds=-number) for number in range(500)]
    spool = Spool(directory)
    for number in range(505):
        if number < 500:
            spool.append(Entry(*to_payload(actions[number])))
        if number >= 5:
            spool.append(Entry(*to_payload(ended(actions[number - 5]))))
    assert spool.backlog() == 1000
    spool.close()
    return actions


def start(postgres: PostgresContainer, directory: Path, death: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, str(PROCESS), postgres.url, str(directory), death])


def stored(postgres: PostgresContainer) -> list[UUID]:
    """The ids in order of arrival."""
    with postgres.connect() as connection:
        rows = connection.execute("SELECT id FROM actions ORDER BY seq").fetchall()
    return [UUID(str(identity)) for (identity,) in rows]


def assert_stored_once_in_order(store: PostgresStore, postgres: PostgresContainer, actions: list[Action]):
    assert stored(postgres) == [action.id for action in actions]
    assert store.running_actions() == []
    assert all(store.action(action.id) == ended(action) for action in actions[::50])


@pytest.mark.parametrize("death", ["before-commit", "after-commit"])
def test_a_replay_killed_around_a_commit_is_finished_by_the_next_process(
    postgres: PostgresContainer,
    postgres_store: PostgresStore,
    directory: Path,
    spooled: list[Action],
    death: str,
):
    assert start(postgres, directory, death).wait(60) == -signal.SIGKILL
    assert 0 < len(stored(postgres)) < 500
    assert start(postgres, directory, "never").wait(60) == 0
    assert_stored_once_in_order(postgres_store, postgres, spooled)
    assert list(directory.glob("*.spool")) == []


def test_a_replay_killed_at_any_moment_again_and_again_is_finished_in_the_end(
    postgres: PostgresContainer, postgres_store: PostgresStore, directory: Path, spooled: list[Action]
):
    for share in (1, 120, 250, 400):
        process = start(postgres, directory, "never")
        wait_until(
            lambda share=share: len(stored(postgres)) >= share, seconds=60, what=f"{share} rows are stored"
        )
        process.kill()
        process.wait(60)
    assert start(postgres, directory, "never").wait(60) == 0
    assert_stored_once_in_order(postgres_store, postgres, spooled)


def test_replaying_everything_a_second_time_changes_nothing(
    postgres: PostgresContainer, postgres_store: PostgresStore, directory: Path, spooled: list[Action]
):
    copy = directory.with_name("copy")
    subprocess.run(["cp", "-r", str(directory), str(copy)], check=True)
    assert start(postgres, directory, "never").wait(60) == 0
    postgres_store.write([ended(spooled[0], Outcome.FAILED, "a second outcome")])
    assert start(postgres, copy, "never").wait(60) == 0
    assert_stored_once_in_order(postgres_store, postgres, spooled)


def test_the_replay_is_fast_enough(postgres_store: PostgresStore, tmp_path: Path):
    """The figure is the bench's; this guards against a replay that writes one by one (1,700/s) and never succeeds."""
    attempts = (measure_replay(postgres_store, tmp_path / str(number), records=3000) for number in range(3))
    assert any(attempt.records_per_second > 3000 for attempt in attempts)
