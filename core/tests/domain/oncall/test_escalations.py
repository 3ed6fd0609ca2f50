"""One incident's way through its policy: who is paged when, and that silence never swallows a page."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from incidentops.domain.notifications.contacts import Channel, ContactMethod, Urgency
from incidentops.domain.oncall.escalations import Escalation, EscalationState, acknowledged, advance
from incidentops.domain.oncall.hours import WeeklyHours
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.oncall.rotations import Rotation
from incidentops.domain.oncall.schedules import Layer, Schedule
from incidentops.domain.severity import Severity

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIVE, FIFTEEN = timedelta(minutes=5), timedelta(minutes=15)
LOG = (ContactMethod(Channel.LOG),)
PRIMARY = Target(TargetKind.SCHEDULE, "primary")
MANAGER = Target(TargetKind.USER, "manager")
POLICY = EscalationPolicy("default", (Step((PRIMARY,), FIVE), Step((MANAGER,), FIFTEEN)), repeat=1)


def a_roster(**options) -> Roster:
    week = Layer("week", Rotation(("alice", "bob"), date(2026, 1, 5)))
    return Roster(
        users={name: User(name, methods=LOG) for name in ("alice", "bob", "manager")},
        teams={"operations": Team("operations", members=("alice", "bob"))},
        schedules={"primary": Schedule("primary", "operations", "UTC", options.pop("layers", (week,)))},
        policies={"default": POLICY},
    )


def an_escalation(**options) -> Escalation:
    fresh = Escalation(
        incident_id=UUID(int=1),
        number=1,
        title="redis is down",
        service="redis",
        severity=Severity.HIGH,
        team="operations",
        policy=POLICY,
        started_at=NOW,
        due_at=NOW,
    )
    return replace(fresh, **options)


def test_the_person_on_call_comes_first_then_after_five_minutes_the_manager_then_all_again():
    roster, now, escalation, paged = a_roster(), NOW, an_escalation(), []
    while escalation.due_at:
        now = escalation.due_at
        step = advance(escalation, roster, now)
        paged.append((step.people[0].name, now - NOW))
        escalation = step.escalation
    assert paged == [("alice", FIVE * 0), ("manager", FIVE), ("alice", 4 * FIVE), ("manager", 5 * FIVE)]
    assert escalation.state is EscalationState.EXHAUSTED


def test_who_is_on_call_is_asked_when_the_step_is_due():
    assert advance(an_escalation(), a_roster(), NOW + timedelta(days=8)).people[0].name == "bob"


def test_a_step_that_reaches_nobody_is_passed_over_at_once_and_noted():
    later = Layer("later", Rotation(("alice",), date(2026, 2, 1)))
    step = advance(an_escalation(), a_roster(layers=(later,)), NOW)
    assert [user.name for user in step.people] == ["manager"]
    assert step.notes == (
        "Step 1 reaches nobody: schedule primary",
        "Paged manager (step 2 of default)",
    )


def test_when_no_step_reaches_anybody_the_whole_team_is_paged():
    empty = EscalationPolicy("empty", (Step((Target(TargetKind.USER, "ghost"),), FIVE),))
    step = advance(an_escalation(policy=empty), a_roster(), NOW)
    assert [user.name for user in step.people] == ["alice", "bob"]
    assert step.notes[-1] == "The whole team is paged: alice, bob"


def test_an_acknowledgement_stops_and_its_timeout_begins_anew():
    impatient = replace(POLICY, ack_timeout=timedelta(hours=1))
    silent = acknowledged(an_escalation(policy=impatient, step=1, round=1), NOW)
    assert silent.due_at == NOW + timedelta(hours=1)
    again = advance(silent, a_roster(), NOW + timedelta(hours=1))
    assert [user.name for user in again.people] == ["alice"]
    assert (again.escalation.step, again.escalation.round) == (1, 0)
    assert acknowledged(an_escalation(), NOW).due_at is None


def test_a_message_of_low_urgency_waits_for_the_end_of_quiet_hours():
    alice = User("alice", zone="Europe/Berlin", methods=LOG, quiet=WeeklyHours(time(22), time(7)))
    night = datetime(2026, 1, 6, 1, tzinfo=UTC)
    assert alice.free_at(Urgency.LOW, night) == datetime(2026, 1, 6, 6, tzinfo=UTC)
    assert alice.free_at(Urgency.HIGH, night) == night
    assert alice.free_at(Urgency.LOW, NOW) == NOW


def test_a_team_that_names_a_service_stands_before_one_that_answers_for_everything():
    teams = {"operations": Team("operations"), "payments": Team("payments", services=("billing",))}
    roster = Roster(teams=teams)
    assert [
        roster.team_for(service).name  # type: ignore[union-attr]  # there is a team for everything
        for service in ("billing", "redis")
    ] == ["payments", "operations"]
    assert Roster().team_for("redis") is None
