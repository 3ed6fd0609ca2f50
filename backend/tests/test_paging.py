"""From an incident to the person on call: pages, escalations, acknowledgements, a week of them in seconds."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from backend.tests.conftest import wait_until
from incidentops.domain.incidents import Edit, Incident, IncidentStatus
from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Channel, ContactMethod, Urgency
from incidentops.domain.notifications.notification import Kind, NotificationState
from incidentops.domain.oncall.escalations import EscalationState
from incidentops.domain.oncall.paging import Decision, Pending, Situation, decide
from incidentops.domain.oncall.people import User
from incidentops.domain.oncall.schedules import Schedule
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.domain.suppression.verdict import INHIBITION_LOOK, LOOK, Surroundings
from incidentops.domain.suppression.windows import MaintenanceWindow
from incidentops.ports.channels import NotDelivered
from incidentops.ports.oncall import Entry
from incidentops.ports.outbox import ToldFilter
from incidentops.testing.clock import FakeClock
from incidentops.testing.directory import a_roster
from incidentops.testing.escalations import an_incident
from incidentops.testing.incidents import a_batch, a_signal
from incidentops.testing.store import MemoryStore
from incidentops_backend.use_cases.notify.dispatcher import Dispatcher
from incidentops_backend.use_cases.oncall import pager
from incidentops_backend.use_cases.oncall.pager import Pager

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Channels:
    """Every channel in one: remembers the pages it took and the news, refuses while told to."""

    clock: FakeClock
    taken: list[tuple[datetime, str, Channel]] = field(default_factory=list)
    news: list[tuple[str, str]] = field(default_factory=list)
    refusing: set[Channel] = field(default_factory=set)
    messages: int = 0
    answer: str = "200 OK"

    def send(self, bundle: Bundle) -> str:
        self.messages += 1
        if bundle.method.channel in self.refusing:
            raise NotDelivered("500 no")
        at = self.clock.now()
        pages = [item for item in bundle.notifications if item.kind is Kind.PAGE]
        self.taken += [(at, item.recipient, bundle.method.channel) for item in pages]
        self.news += [(item.recipient, item.kind) for item in bundle.notifications if item not in pages]
        return self.answer


class OnCallWorld:
    """Pager and dispatcher on the twins, driven by hand."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.clock = FakeClock()
        self.store = MemoryStore()
        self.channels = Channels(self.clock)
        self.graph: dict[str, list[str]] = {}
        for entry in (*a_roster(), *entries):
            self.store.directory.put(entry, "alice", self.clock.now())
        self.pager = Pager(
            directory=self.store.directory,
            escalations=self.store.escalations,
            assign=self.store.incidents.edit,
            around=lambda troubled: Surroundings({"redis": "data"}, self.graph, troubled),
            clock=self.clock,
            panel_url="http://localhost:8080",
        )
        self.dispatcher = Dispatcher(
            self.store.outbox, dict.fromkeys((Channel.WEBHOOK, Channel.EMAIL), self.channels), self.clock
        )

    def open(self, service: str = "redis", severity: Severity = Severity.HIGH) -> Incident:
        return self.store.incidents.open(an_incident(service, severity, self.clock.now()), [])

    def edit(self, incident: Incident, actor: str = "alice", **edit) -> None:
        self.store.incidents.edit(incident.id, Edit(actor, self.clock.now(), **edit))

    def beat(self) -> None:
        """Decide and deliver all that is due now."""
        while self.pager.run_once():
            pass
        while futures := self.dispatcher.run_once():
            for future in futures:
                future.result(30)

    def pass_time(self, period: timedelta, step: timedelta = MINUTE) -> None:
        """Live through a period, looking each `step`."""
        end = self.clock.now() + period
        while self.clock.now() < end:
            self.clock.advance(step.total_seconds())
            self.beat()

    @property
    def paged(self) -> list[str]:
        return [recipient for _, recipient, _ in self.channels.taken]


@pytest.fixture
def oncall() -> OnCallWorld:
    return OnCallWorld()


def test_an_incident_pages_who_is_on_call_and_assigns_it(oncall: OnCallWorld):
    incident = oncall.open()
    oncall.beat()
    assert oncall.channels.taken == [(oncall.clock.now(), "alice", Channel.WEBHOOK)]
    stored = oncall.store.incidents.incident(incident.id)
    assert (stored.assignee, stored.team, stored.responders) == ("alice", "operations", ("alice",))
    assert oncall.store.escalations.notes[incident.id] == ["Paged alice (step 1 of default)"]


def test_an_incident_that_cannot_be_decided_holds_up_no_other_and_is_overdue(
    oncall: OnCallWorld, monkeypatch
):
    poison = oncall.open("postgres")

    def decide_or_fail(pending: Pending, situation: Situation) -> Decision:
        if pending.incident.id == poison.id:
            raise RuntimeError("what nobody thought of")
        return decide(pending, situation)

    monkeypatch.setattr(pager, "decide", decide_or_fail)
    oncall.open()
    oncall.beat()
    assert oncall.paged == ["alice"]
    assert oncall.store.escalations.overdue(oncall.clock.now() + MINUTE) == 1


def test_a_surprise_ends_neither_pager_nor_dispatcher(oncall: OnCallWorld, monkeypatch):
    surprised = {"roster": threading.Event(), "claim": threading.Event()}

    def once_surprising(part: object, name: str) -> None:
        call = getattr(part, name)

        def surprising(*args, **options):
            if surprised[name].is_set():
                return call(*args, **options)
            surprised[name].set()
            raise RuntimeError("what nobody thought of")

        monkeypatch.setattr(part, name, surprising)

    once_surprising(oncall.store.directory, "roster")
    once_surprising(oncall.store.outbox, "claim")
    oncall.open()
    stopping = threading.Event()
    parts = [
        threading.Thread(target=part.run, args=(stopping,)) for part in (oncall.pager, oncall.dispatcher)
    ]
    for thread in parts:
        thread.start()
    wait_until(lambda: oncall.paged == ["alice"], 30)
    stopping.set()
    for thread in parts:
        thread.join()
    assert all(event.is_set() for event in surprised.values())


def test_an_answer_that_no_database_keeps_is_written_down_without_what_is_wrong_with_it(oncall: OnCallWorld):
    oncall.channels.answer = "200 OK \x00\x01"
    oncall.open()
    oncall.beat()
    [told] = oncall.store.outbox.told(ToldFilter()).items
    assert [attempt.answer for attempt in told.attempts] == ["200 OK \ufffd\x01"]


def test_an_acknowledgement_stops_the_escalation(oncall: OnCallWorld):
    incident = oncall.open()
    oncall.beat()
    oncall.edit(incident, status=IncidentStatus.ACKNOWLEDGED)
    oncall.pass_time(2 * HOUR)
    assert oncall.paged == ["alice"]


def test_silence_escalates_until_everybody_had_their_turn(oncall: OnCallWorld):
    incident = oncall.open()
    oncall.beat()
    oncall.pass_time(HOUR)
    assert oncall.paged == ["alice", "manager"]
    escalation = oncall.store.escalations.find(incident.id)
    assert escalation is not None
    assert escalation.state is EscalationState.EXHAUSTED


def test_a_resolved_incident_is_paged_no_more_and_waiting_pages_are_cancelled(oncall: OnCallWorld):
    incident = oncall.open()
    oncall.pager.run_once()
    oncall.edit(incident, status=IncidentStatus.RESOLVED)
    oncall.pass_time(HOUR)
    assert oncall.paged == []
    (told,) = oncall.store.outbox.told(ToldFilter()).items
    assert told.notification.state is NotificationState.CANCELLED


def test_who_was_paged_hears_of_the_acknowledgement_and_of_the_end_but_not_of_what_they_did(
    oncall: OnCallWorld,
):
    incident = oncall.open()
    oncall.beat()
    oncall.pass_time(6 * MINUTE)
    oncall.edit(incident, status=IncidentStatus.ACKNOWLEDGED)
    oncall.beat()
    assert oncall.channels.news == [("manager", Kind.ACKNOWLEDGED)]
    oncall.edit(incident, status=IncidentStatus.RESOLVED, actor="prometheus")
    oncall.beat()
    assert sorted(oncall.channels.news[1:]) == [("alice", Kind.RESOLVED), ("manager", Kind.RESOLVED)]
    oncall.edit(incident, severity=Severity.CRITICAL)
    oncall.beat()
    assert len(oncall.channels.news) == 3
    told = oncall.store.outbox.told(ToldFilter(recipient="alice")).items[0].notification
    assert (told.urgency, told.subject) == (
        Urgency.LOW,
        f"Resolved: redis: does not answer (incident {incident.number})",
    )
    assert told.body.startswith("Resolved by prometheus. ")


def test_who_wants_pages_only_hears_no_news_and_the_news_of_many_is_one_message():
    pages_only = ContactMethod(Channel.EMAIL, "manager@example.org", (Urgency.HIGH,))
    world = OnCallWorld([User("manager", methods=(pages_only,))])
    incidents = [world.open(service) for service in ("redis", "postgres", "billing")]
    world.pass_time(6 * MINUTE)
    assert sorted(world.paged) == ["alice"] * 3 + ["manager"] * 3
    for incident in incidents:
        world.edit(incident, status=IncidentStatus.RESOLVED, actor="prometheus")
    messages = world.channels.messages
    world.beat()
    assert world.channels.news == [("alice", Kind.RESOLVED)] * 3
    assert world.channels.messages == messages + 1


def test_the_policy_is_the_one_that_held_when_the_incident_began(oncall: OnCallWorld):
    oncall.open()
    oncall.beat()
    policy = oncall.store.directory.roster().policies["default"]
    oncall.store.directory.put(replace(policy, steps=policy.steps[:1]), "alice", oncall.clock.now())
    oncall.pass_time(6 * MINUTE)
    assert oncall.paged == ["alice", "manager"]


def test_a_channel_that_fails_is_followed_by_the_next_at_once(oncall: OnCallWorld):
    oncall.channels.refusing = {Channel.WEBHOOK}
    oncall.open()
    oncall.beat()
    assert oncall.channels.taken == [(oncall.clock.now(), "alice", Channel.EMAIL)]
    (told,) = oncall.store.outbox.told(ToldFilter()).items
    assert [attempt.answer for attempt in told.attempts] == ["500 no", "200 OK"]


def test_when_nobody_can_be_reached_the_page_waits_and_goes_out_once_a_channel_is_back(oncall: OnCallWorld):
    oncall.channels.refusing = {Channel.WEBHOOK, Channel.EMAIL}
    oncall.open()
    oncall.pass_time(3 * MINUTE, timedelta(seconds=5))
    assert oncall.paged == []
    oncall.channels.refusing = set()
    oncall.pass_time(2 * MINUTE, timedelta(seconds=5))
    assert oncall.paged == ["alice"]


def test_worse_than_before_with_the_same_policy_pages_nobody_twice(oncall: OnCallWorld):
    incident = oncall.open()
    oncall.beat()
    oncall.edit(incident, severity=Severity.CRITICAL)
    oncall.beat()
    assert oncall.paged == ["alice"]


def test_without_a_team_for_the_service_the_timeline_says_so():
    world = OnCallWorld()
    team = world.store.directory.roster().teams["operations"]
    world.store.directory.put(replace(team, services=("billing",)), "alice", world.clock.now())
    incident = world.open("redis")
    world.beat()
    assert world.paged == []
    assert world.store.escalations.notes[incident.id][0].startswith("Nobody is paged")


def test_maintenance_keeps_the_page_back_until_it_ends():
    start = FakeClock().now().replace(tzinfo=None)
    window = MaintenanceWindow("upgrade", start, start + HOUR, groups=("data",))
    world = OnCallWorld([window])
    incident = world.open()
    world.pass_time(59 * MINUTE)
    assert world.paged == []
    world.pass_time(2 * MINUTE)
    assert world.paged == ["alice"]
    assert world.store.escalations.notes[incident.id] == [
        "Nobody is paged: Maintenance window upgrade",
        "Paged alice (step 1 of default)",
    ]


def test_what_ends_during_maintenance_pages_nobody():
    start = FakeClock().now()
    world = OnCallWorld([Silence("s1", (Matcher("service", "redis"),), start, start + HOUR)])
    incident = world.open()
    world.beat()
    world.edit(incident, status=IncidentStatus.RESOLVED)
    world.pass_time(2 * HOUR)
    assert world.paged == []


def test_what_is_no_longer_silenced_is_paged_though_the_silence_should_have_lasted(oncall: OnCallWorld):
    start = oncall.clock.now()
    silence = Silence("s1", (Matcher("service", "redis"),), start, start + 5 * HOUR)
    oncall.store.directory.put(silence, "alice", start)
    oncall.open()
    oncall.pass_time(10 * MINUTE)
    assert oncall.paged == []
    oncall.store.directory.remove(Silence, "s1")
    oncall.pass_time(LOOK)
    assert oncall.paged == ["alice"]


def test_an_alert_that_is_not_silenced_pages_for_an_incident_of_silenced_ones(oncall: OnCallWorld):
    start = oncall.clock.now()
    matchers = (Matcher("alertname", "HighLatency"), Matcher("severity", "high"), Matcher("service", "redis"))
    oncall.store.directory.put(Silence("s1", matchers, start, start + 5 * HOUR), "alice", start)
    oncall.store.write([a_batch(a_signal())])
    oncall.pass_time(2 * MINUTE)
    assert oncall.paged == []
    oncall.store.write([a_batch(a_signal(name="DiskFull", after_seconds=120))])
    oncall.pass_time(LOOK)
    assert oncall.paged == ["alice"]


def test_a_silenced_alert_that_joins_later_does_not_hold_back_what_was_paged_for(oncall: OnCallWorld):
    start = oncall.clock.now()
    silence = Silence("s1", (Matcher("alertname", "DiskFull"),), start, start + 5 * HOUR)
    oncall.store.directory.put(silence, "alice", start)
    oncall.store.write([a_batch(a_signal())])
    oncall.beat()
    oncall.store.write([a_batch(a_signal(name="DiskFull", after_seconds=10))])
    oncall.pass_time(HOUR)
    assert oncall.paged == ["alice", "manager"]


def test_what_stands_on_a_service_in_trouble_is_not_paged_until_that_one_is_well(oncall: OnCallWorld):
    oncall.graph = {"billing": ["postgres"]}
    root = oncall.open("postgres")
    oncall.beat()
    oncall.open("billing")
    oncall.beat()
    assert oncall.paged == ["alice"]
    oncall.edit(root, status=IncidentStatus.RESOLVED)
    oncall.pass_time(2 * INHIBITION_LOOK, INHIBITION_LOOK)
    assert oncall.paged == ["alice", "alice"]


def test_services_in_trouble_that_stand_on_each_other_are_both_paged_and_escalate(oncall: OnCallWorld):
    oncall.graph = {"billing": ["postgres"], "postgres": ["billing"]}
    oncall.open("postgres")
    oncall.beat()
    oncall.open("billing")
    oncall.pass_time(HOUR)
    assert sorted(oncall.paged) == ["alice", "alice", "manager", "manager"]


def test_a_storm_is_bundled_and_nothing_of_it_is_lost(oncall: OnCallWorld):
    for number in range(100):
        oncall.open(f"service-{number}")
    oncall.pass_time(2 * MINUTE, timedelta(seconds=5))
    assert oncall.paged.count("alice") == 100
    starts = {at for at, recipient, _ in oncall.channels.taken if recipient == "alice"}
    assert len(starts) < 20


def test_a_week_of_incidents_and_rotations():
    """Each hour an incident; whoever is on call acknowledges every second one, the others escalate."""
    world = OnCallWorld()
    schedule = world.store.directory.roster().schedules["primary"]
    hours = 8 * 24
    for hour in range(hours):
        incident = world.open(f"service-{hour}")
        world.beat()
        if hour % 2:
            world.edit(incident, status=IncidentStatus.ACKNOWLEDGED)
        world.pass_time(10 * MINUTE, 5 * MINUTE)
        world.edit(incident, status=IncidentStatus.RESOLVED)
        world.pass_time(50 * MINUTE, 25 * MINUTE)
    firsts = [(at, user) for at, user, _ in world.channels.taken if user != "manager"]
    assert [user for _, user in firsts] == [schedule.who(at) for at, _ in firsts]
    assert {user for _, user in firsts} == {"alice", "bob"}
    assert (len(firsts), world.paged.count("manager")) == (hours, hours // 2)


def test_a_user_without_any_method_is_no_reason_to_page_nobody():
    world = OnCallWorld(
        [User("alice"), User("bob", methods=(ContactMethod(Channel.EMAIL, "bob@example.org"),))]
    )
    incident = world.open()
    world.beat()
    assert world.paged == ["manager"]
    assert world.store.escalations.notes[incident.id][0] == ("Step 1 reaches nobody: schedule primary")


def test_a_schedule_that_was_removed_is_passed_over():
    world = OnCallWorld()
    world.store.directory.remove(Schedule, "primary")
    world.open()
    world.beat()
    assert world.paged == ["manager"]
