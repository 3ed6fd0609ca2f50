"""A replay tells what happened: lived through again as things are, the past comes out as it was."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.tests.test_paging import MINUTE, OnCallWorld
from incidentops.domain.alerts import AlertStatus, SignalKind
from incidentops.domain.correlation import read_rules
from incidentops.domain.incidents import IllegalTransition, IncidentStatus
from incidentops.domain.notifications.notification import Kind, NotificationState
from incidentops.domain.oncall.escalations import EscalationState
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.oncall.schedules import Override
from incidentops.domain.replay import Difference, Replayed, replay
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.domain.suppression.verdict import Surroundings
from incidentops.ports.incidents import AlertFilter, IncidentFilter
from incidentops.ports.outbox import ToldFilter
from incidentops.testing.incidents import a_batch, a_signal
from incidentops_backend.use_cases.incidents.replay import Draft, IncidentReplay
from incidentops_backend.use_cases.oncall.book import NamesUnknown

EVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
SERVICES = ("redis", "postgres", "billing")
ALERTS = {"HighLatency": Severity.HIGH, "DiskFull": Severity.CRITICAL, "CertificateExpires": Severity.LOW}
GRAPH = {"billing": ["redis"]}


class Past:
    """Some hours on the twins that can be lived through again."""

    def __init__(self) -> None:
        self.world = OnCallWorld()
        self.world.graph = GRAPH
        now = self.world.clock.now()
        silence = Silence("deploy", (Matcher("service", "postgres"),), now, now + 20 * MINUTE, "alice")
        disks = Silence("disks", (Matcher("alertname", "DiskFull"),), now, now + 45 * MINUTE, "alice")
        for entry in (silence, disks):
            self.world.store.directory.put(entry, "alice", now)
        self.replay = IncidentReplay(
            self.world.store.incidents,
            self.world.store.directory,
            lambda: Surroundings({"redis": "data"}, GRAPH),
        )

    def live_on(self, period: timedelta) -> None:
        """From one thing that is due to the next."""
        end = self.world.clock.now() + period
        while (due := self._next_due()) and due <= end:
            self._wait_for(due)
        self._wait_for(end)

    def fire(self, service: str, name: str = "HighLatency") -> None:
        """Not for the third time while it fires: when it did the second time is not kept."""
        alerts = self.world.store.incidents.alerts(AlertFilter(AlertStatus.FIRING, service=service)).items
        if not any(alert.name == name and alert.count > 1 for alert in alerts):
            self._send(a_signal(service, name, severity=ALERTS[name], at=self.world.clock.now()))

    def open(self, service: str, severity: Severity) -> None:
        self.world.open(service, severity)
        self.world.beat()

    def recover(self, service: str, name: str = "HighLatency") -> None:
        self._send(a_signal(service, name, kind=SignalKind.RESOLVED, at=self.world.clock.now()))

    def move(self, service: str, status: IncidentStatus) -> None:
        """Alice does this to the newest incident of the service, where that is legal."""
        with suppress(IllegalTransition):
            self._edit(service, status=status)

    def rate(self, service: str, severity: Severity) -> None:
        self._edit(service, severity=severity)

    def what_if(self, **draft) -> Difference:
        return self.replay.what_if(Draft(**draft), *EVER).difference

    def lived_again(self) -> list[Replayed]:
        return replay(self.replay.recording(*EVER), self.replay.setting())

    def pages(self) -> list[tuple[datetime, str]]:
        """Those that went out."""
        told = self.world.store.outbox.told(ToldFilter(), limit=500).items
        return sorted(
            (item.notification.due_at, item.notification.recipient)
            for item in told
            if item.notification.kind is Kind.PAGE
            and item.notification.state is not NotificationState.CANCELLED
        )

    def _next_due(self) -> datetime | None:
        incidents = self.world.store.incidents.incidents(IncidentFilter(), limit=100).items
        found = (self.world.store.escalations.find(incident.id) for incident in incidents)
        running = (item for item in found if item and item.state is not EscalationState.ENDED)
        return min((item.due_at for item in running if item.due_at), default=None)

    def _wait_for(self, at: datetime) -> None:
        self.world.clock.advance((at - self.world.clock.now()).total_seconds())
        self.world.beat()

    def _edit(self, service: str, **edit) -> None:
        where = IncidentFilter(service=service)
        for incident in self.world.store.incidents.incidents(where, limit=1).items:
            self.world.edit(incident, **edit)
        self.world.beat()

    def _send(self, signal) -> None:
        self.world.store.write([a_batch(signal)])
        self.world.beat()


@pytest.fixture
def past() -> Past:
    return Past()


services = st.sampled_from(SERVICES)
names = st.sampled_from(sorted(ALERTS))
severities = st.sampled_from([Severity.CRITICAL, Severity.HIGH, Severity.LOW])
statuses = st.sampled_from(list(IncidentStatus))
events = st.one_of(
    st.tuples(st.just("fire"), services, names),
    st.tuples(st.just("recover"), services, names),
    st.tuples(st.just("move"), services, statuses),
    st.tuples(st.just("rate"), services, severities),
    st.tuples(st.just("open"), services, severities),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), events), max_size=12))
def test_what_is_lived_through_again_unchanged_comes_out_as_it_was(
    script: list[tuple[int, tuple[str, ...]]],
):
    past = Past()
    for place, (minutes, (event, *what)) in enumerate(script, start=1):
        past.live_on(minutes * MINUTE + timedelta(seconds=place))  # never when a step of another is due
        getattr(past, event)(*what)
    past.live_on(90 * MINUTE)
    again = past.lived_again()
    stored = past.world.store.incidents
    groups = {frozenset(item.members) for item in again}
    alerts = list(stored.alerts(AlertFilter(), limit=500).items)
    homes = {alert.incident_id for alert in alerts}
    assert groups >= {frozenset(alert.id for alert in alerts if alert.incident_id == home) for home in homes}
    end = past.world.clock.now()
    lived = sorted((page.at, page.recipient) for item in again for page in item.pages if page.at <= end)
    assert lived == past.pages()
    assert past.what_if().none


def test_another_policy_pages_other_people_and_acknowledgements_stay_as_they_were(past: Past):
    begin = past.world.clock.now()
    past.fire("redis")
    past.live_on(10 * MINUTE)
    past.move("redis", IncidentStatus.ACKNOWLEDGED)
    steps = tuple(Step((Target(TargetKind.USER, name),), 6 * MINUTE) for name in ("bob", "manager", "alice"))
    found = past.what_if(policies=[EscalationPolicy("default", steps)])
    [paged] = found.paged
    assert [(page.at - begin, page.recipient, page.step) for page in paged.now or ()] == [
        (0 * MINUTE, "alice", 1),
        (5 * MINUTE, "manager", 2),
    ]
    assert [(page.at - begin, page.recipient, page.step) for page in paged.then or ()] == [
        (0 * MINUTE, "bob", 1),
        (6 * MINUTE, "manager", 2),
    ]
    assert found.people == (("alice", 1, 0), ("bob", 0, 1), ("manager", 1, 1))
    assert past.pages() == [(begin, "alice"), (begin + 5 * MINUTE, "manager")]


def test_another_schedule_pages_whom_it_has_on_call_then(past: Past):
    now = past.world.clock.now()
    past.fire("redis")
    past.live_on(MINUTE)
    past.move("redis", IncidentStatus.ACKNOWLEDGED)
    primary = past.world.store.directory.roster().schedules["primary"]
    override = Override("bob", now - MINUTE, now + MINUTE)
    [paged] = past.what_if(schedules=[replace(primary, overrides=(override,))]).paged
    assert [page.recipient for page in (*(paged.now or ()), *(paged.then or ()))] == ["alice", "bob"]


def test_other_rules_make_one_incident_of_two_which_pages_once(past: Past):
    past.fire("redis", "HighLatency")
    past.fire("redis", "DiskFull")
    past.move("redis", IncidentStatus.ACKNOWLEDGED)
    rules = read_rules({"rules": [{"name": "all", "group_by": ["service"]}]})
    found = past.what_if(rules=rules)
    assert (found.now, found.then) == (2, 1)
    assert [(item.now is None, item.then is None) for item in found.paged] == [(False, True)] * 2 + [
        (True, False)
    ]


def test_a_draft_may_name_only_what_there_is(past: Past):
    nobody = Step((Target(TargetKind.USER, "nobody"),), MINUTE)
    with pytest.raises(NamesUnknown):
        past.what_if(policies=[EscalationPolicy("default", (nobody,))])


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"rules": [{"name": "a", "group_by": ["colour"]}]}, "colour"),
        ({"schedules": [{"name": "primary"}]}, "schedules.0.team"),
        ({"surprise": 1}, "surprise"),
        ({"teams": [{"name": "core", "members": ["nobody"]}]}, "nobody"),
    ],
)
def test_a_draft_that_cannot_be_read_is_refused_with_what_is_wrong(world, draft, field):
    answer = world.client.post("/api/v1/correlation/replay", json=draft)
    assert (answer.status_code, field in answer.get_json()["detail"]) == (422, True)


def test_a_draft_over_http_is_written_as_elsewhere_and_stores_nothing(world):
    world.client.post("/api/v1/users", json={"name": "alice", "methods": [{"channel": "log"}]})
    policy = {
        "name": "default",
        "steps": [{"targets": [{"kind": "user", "name": "alice"}], "wait_seconds": 60}],
    }
    team = {"name": "operations", "members": ["alice"], "policies": {"high": "default"}}
    world.client.post("/api/v1/incidents", json={"title": "x", "service": "redis", "severity": "high"})
    world.clock.advance(600)
    answer = world.client.post(
        "/api/v1/correlation/replay", json={"escalation_policies": [policy], "teams": [team]}
    ).get_json()
    [paged] = answer["paged"]
    assert (paged["now"], [(page["recipient"], page["channel"], page["step"]) for page in paged["then"]]) == (
        [],
        [("alice", "log", 1)],
    )
    assert answer["people"] == [{"name": "alice", "now": 0, "then": 1}]
    assert world.client.get("/api/v1/escalation-policies").get_json()["items"] == []
