"""Critical alerts reach who is on call while Postgres is away, by what was last known."""

from pathlib import Path

import pytest

from backend.tests.conftest import World, wait_until
from incidentops.adapters.spool.roster_file import RosterFile
from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Channel
from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.ports.channels import NotDelivered
from incidentops.ports.oncall import Standing
from incidentops.testing.directory import a_roster
from incidentops.testing.directory_contract import ONE_OF_EACH

ALERT = {"service": "redis", "severity": "critical", "message": "does not answer"}


class Taking:
    """A channel that remembers what it took, and refuses while told to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuses = False

    def send(self, bundle: Bundle) -> str:
        if self.refuses:
            raise NotDelivered("500 no")
        self.taken += [f"{item.recipient}: {item.subject}" for item in bundle.notifications]
        return "200 OK"


@pytest.fixture
def hook() -> Taking:
    return Taking()


@pytest.fixture
def mail() -> Taking:
    return Taking()


@pytest.fixture
def staffed(hook: Taking, mail: Taking) -> World:
    world = World(senders={Channel.WEBHOOK: hook, Channel.EMAIL: mail})
    for entry in a_roster():
        world.store.directory.put(entry, "alice", world.clock.now())
    world.backend.oncall.emergency.remember()
    return world


def send(world: World, **changes: str) -> None:
    answer = world.client.post("/api/v1/alerts", json=ALERT | changes)
    assert answer.status_code == 202


def test_a_critical_alert_pages_at_once_and_more_of_its_service_do_not(staffed: World, hook: Taking):
    with staffed.store.away():
        send(staffed)
        send(staffed)
        send(staffed, message="runs out of memory")
        wait_until(lambda: hook.taken == ["alice: [SEV-1] redis: does not answer"])
        send(staffed, service="billing")
        wait_until(lambda: len(hook.taken) == 2)
    assert hook.taken[1].startswith("alice: [SEV-1] billing")


def test_less_than_critical_waits_for_postgres(staffed: World, hook: Taking):
    with staffed.store.away():
        send(staffed, severity="high")
        send(staffed)
        wait_until(lambda: len(hook.taken) == 1)
    assert hook.taken == ["alice: [SEV-1] redis: does not answer"]


def test_a_channel_that_fails_is_followed_by_the_next(staffed: World, hook: Taking, mail: Taking):
    hook.refuses = True
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: bool(mail.taken))
    assert hook.taken == []


def test_a_silence_holds_here_too(staffed: World, hook: Taking):
    now = staffed.clock.now()
    silence = Silence("s1", (Matcher("service", "redis"),), now, now.replace(year=2027))
    staffed.store.directory.put(silence, "alice", now)
    staffed.backend.oncall.emergency.remember()
    with staffed.store.away():
        send(staffed)
        send(staffed, service="billing")
        wait_until(lambda: bool(hook.taken))
    assert hook.taken == ["alice: [SEV-1] billing: does not answer"]


def test_the_standing_on_disk_is_read_back_as_it_was_kept(tmp_path: Path):
    world = World()
    for entry in ONE_OF_EACH:
        world.store.directory.put(entry, "alice", world.clock.now())
    standing = Standing(world.store.directory.roster(), world.store.directory.suppressions())
    file = RosterFile(tmp_path / "state" / "on-call.json")
    assert file.last() is None
    file.keep(standing)
    assert file.last() == standing
    (tmp_path / "state" / "on-call.json").write_text("{")
    assert file.last() is None
