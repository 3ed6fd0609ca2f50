"""Critical alerts reach who is on call while Postgres is away, step by step, by what was last known; once it is back
the escalation goes on from there."""

from pathlib import Path
from uuid import UUID

import pytest

from backend.tests.conftest import World, wait_until
from incidentops.adapters.spool.roster_file import RosterFile
from incidentops.domain.errors import Unavailable
from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Channel
from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.ports.channels import NotDelivered
from incidentops.ports.oncall import Standing
from incidentops.testing.directory import a_roster
from incidentops.testing.directory_contract import ONE_OF_EACH

ALERT = {"service": "redis", "severity": "critical", "message": "does not answer"}
PAGERDUTY = {"summary": "does not answer", "source": "redis", "severity": "critical"}


class Taking:
    """A channel that remembers what it took, and refuses while told to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.refuses = False
        self.refused = 0

    def send(self, bundle: Bundle) -> str:
        if self.refuses:
            self.refused += 1
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


# -- the steps of the policy ---------------------------------------------------------------------------------

FIRST = "alice: [SEV-1] redis: does not answer"
SECOND = "manager: [SEV-1] redis: does not answer"


def beat(world: World, seconds: float = 0.0) -> None:
    world.clock.advance(seconds)
    world.backend.oncall.emergency.beat()


def back(world: World) -> None:
    """Postgres answers again and has what waited; the pager takes it up once no page is in a channel's hands."""
    assert world.records.backlog() == 0
    pager = world.backend.oncall.pager
    wait_until(lambda: pager.run_once() > 0 and not world.store.escalations.changed())


def all_pages(world: World) -> list[tuple[str, str]]:
    """Who and in which state, of everything in the outbox, oldest first."""
    items = world.client.get("/api/v1/notifications").get_json()["items"]
    return [(item["recipient"], item["state"]) for item in reversed(items)]


def test_while_nobody_answers_the_next_step_is_paged_in_its_time(staffed: World, hook: Taking):
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: hook.taken == [FIRST])
        beat(staffed, 299)
        assert hook.taken == [FIRST]
        beat(staffed, 1)
        wait_until(lambda: hook.taken == [FIRST, SECOND])
        beat(staffed, 24 * 3600)
        assert hook.taken == [FIRST, SECOND]


def test_a_new_alert_pages_anew_once_the_policy_was_gone_through_without_an_answer(
    staffed: World, hook: Taking
):
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: len(hook.taken) == 1)
        beat(staffed, 300)
        wait_until(lambda: len(hook.taken) == 2)
        beat(staffed, 601)
        send(staffed)
        wait_until(lambda: hook.taken == [FIRST, SECOND, FIRST])


@pytest.mark.parametrize("calming", ["acknowledge", "resolve"])
def test_an_answer_or_the_end_of_the_alert_stops_the_steps(staffed: World, hook: Taking, calming: str):
    event = {"routing_key": "any", "dedup_key": "redis-1", "payload": PAGERDUTY}
    with staffed.store.away():
        for action in ("trigger", calming):
            answer = staffed.client.post("/v2/enqueue", json=event | {"event_action": action})
            assert answer.status_code == 202
            wait_until(lambda: hook.taken == [FIRST])
        send(staffed, service="billing")
        wait_until(lambda: len(hook.taken) == 2)
        beat(staffed, 3600)
        wait_until(lambda: len(hook.taken) == 3)
    assert [page.split(":")[0] for page in hook.taken] == ["alice", "alice", "manager"]
    assert "billing" in hook.taken[2]


def test_a_page_that_no_channel_takes_is_tried_again(staffed: World, hook: Taking, mail: Taking):
    hook.refuses = mail.refuses = True
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: hook.refused >= 1 and mail.refused >= 1)
        hook.refuses = False
        wait_until(lambda: beat(staffed, 5) is None and FIRST in hook.taken)
    assert hook.taken.count(FIRST) == 1


def test_once_postgres_is_back_the_escalation_goes_on_where_it_stands(staffed: World, hook: Taking):
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: hook.taken == [FIRST])
        beat(staffed, 120)
    back(staffed)
    assert all_pages(staffed) == [("alice", "delivered")]
    incident = staffed.client.get("/api/v1/incidents/1").get_json()
    assert (incident["assignee"], incident["responders"]) == ("alice", ["alice"])
    assert staffed.store.escalations.notes[UUID(incident["id"])] == [
        "Paged alice (step 1 of default), while Postgres was away"
    ]
    staffed.clock.advance(179)
    staffed.backend.oncall.pager.run_once()
    assert len(all_pages(staffed)) == 1
    staffed.clock.advance(1)
    staffed.backend.oncall.pager.run_once()
    assert all_pages(staffed) == [("alice", "delivered"), ("manager", "pending")]
    assert hook.taken == [FIRST]


def test_every_step_taken_meanwhile_counts(staffed: World, hook: Taking):
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: len(hook.taken) == 1)
        beat(staffed, 300)
        wait_until(lambda: len(hook.taken) == 2)
    back(staffed)
    beat(staffed, 3600)
    staffed.backend.oncall.pager.run_once()
    assert all_pages(staffed) == [("alice", "delivered"), ("manager", "delivered")]
    assert hook.taken == [FIRST, SECOND]


def test_a_page_that_nobody_has_got_yet_is_left_to_the_outbox(staffed: World, hook: Taking, mail: Taking):
    hook.refuses = mail.refuses = True
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: mail.refused == 1)
    back(staffed)
    assert all_pages(staffed) == [("alice", "pending")]
    hook.refuses = False
    beat(staffed, 60)
    assert hook.taken == []
    staffed.backend.oncall.dispatcher.run_once()
    wait_until(lambda: hook.taken == [FIRST])


def test_an_incident_that_is_over_when_postgres_is_back_pages_nobody_more(staffed: World, hook: Taking):
    with staffed.store.away():
        send(staffed, dedup_key="one")
        wait_until(lambda: hook.taken == [FIRST])
        send(staffed, dedup_key="one", status="resolved")
    back(staffed)
    staffed.clock.advance(3600)
    staffed.backend.oncall.pager.run_once()
    assert ("alice", "delivered") in all_pages(staffed)
    assert "manager" not in {recipient for recipient, _ in all_pages(staffed)}


def test_what_could_not_be_carried_out_goes_on_without_postgres(staffed: World, hook: Taking):
    with staffed.store.away():
        send(staffed)
        wait_until(lambda: hook.taken == [FIRST])
    assert staffed.records.backlog() == 0
    pager, commit = staffed.backend.oncall.pager, staffed.store.escalations.commit
    staffed.store.escalations.commit = raising  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        wait_until(lambda: pager.run_once() > 0)
    with staffed.store.away():
        beat(staffed, 300)
        wait_until(lambda: hook.taken == [FIRST, SECOND])
    staffed.store.escalations.commit = commit  # type: ignore[method-assign]
    back(staffed)
    assert all_pages(staffed) == [("alice", "delivered"), ("manager", "delivered")]


def raising(_moves: object) -> frozenset[UUID]:
    raise Unavailable("postgres", "gone again")
