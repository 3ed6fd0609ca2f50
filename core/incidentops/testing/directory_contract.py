"""What every directory does. Twin and real adapter inherit these tests."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import pytest

from incidentops.domain.notifications.contacts import Channel, ContactMethod, Urgency
from incidentops.domain.oncall.contacts import Contact
from incidentops.domain.oncall.hours import WeeklyHours
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.oncall.rotations import Rotation
from incidentops.domain.oncall.schedules import Layer, Override, Schedule
from incidentops.domain.severity import Severity
from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.domain.suppression.windows import MaintenanceWindow, Repeat
from incidentops.ports.oncall import Directory, Entry, EntryChanged

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NIGHT = WeeklyHours(time(22), time(7), (0, 6))
ONE_OF_EACH: list[Entry] = [
    User(
        "alice", "Alice", "engineer", "Europe/Berlin",
        (ContactMethod(Channel.NTFY, "https://ntfy.example/alice", (Urgency.HIGH,)),), NIGHT,
    ),
    Team("operations", "All of it", ("alice",), ("redis",), {Severity.CRITICAL: "sev-1"}),
    Schedule(
        "primary", "operations", "Asia/Kathmandu",
        (Layer("week", Rotation(("alice",), date(2026, 1, 5), time(9, 30), 7), NIGHT),),
        (Override("bob", NOON, NOON + HOUR, "dentist"),), "First to be called",
    ),
    EscalationPolicy(
        "sev-1", (Step((Target(TargetKind.SCHEDULE, "primary"),), timedelta(minutes=5)),), 2, HOUR, "At once"
    ),
    MaintenanceWindow(
        "backup", NOON.replace(tzinfo=None), NOON.replace(tzinfo=None) + HOUR, "UTC", Repeat.MONTHLY, ("redis",),
        ("data",), "vacuum", date(2026, 6, 1), NOON,
    ),
    Silence("s1", (Matcher("env", "test.*", equal=False, regex=True),), NOON, NOON + HOUR, "alice", "noisy"),
    Contact("cto", "CTO", "Complete outages", "+49 30 1234", "primary", 4),
]  # fmt: skip


class DirectoryContract:
    """Inherit, and define the fixture `directory` (empty)."""

    @pytest.mark.parametrize("entry", ONE_OF_EACH, ids=lambda entry: type(entry).__name__)
    def test_an_entry_is_read_back_as_it_was_kept(self, directory: Directory, entry: Entry) -> None:
        assert directory.put(entry, "alice", NOON) == 1
        kept = directory.find(cast(type[User], type(entry)), entry.name)
        assert kept is not None
        assert (kept.entry, kept.revision, kept.changed_by, kept.changed_at) == (entry, 1, "alice", NOON)

    def test_a_change_counts_the_revision_up(self, directory: Directory) -> None:
        directory.put(User("alice"), "alice", NOON)
        assert directory.put(User("alice", role="manager"), "bob", NOON, expected=1) == 2
        (kept,) = directory.all(User)
        assert (kept.entry.role, kept.changed_by) == ("manager", "bob")

    def test_of_two_changes_from_the_same_revision_one_is_refused(self, directory: Directory) -> None:
        directory.put(User("alice"), "alice", NOON)
        directory.put(User("alice", role="manager"), "bob", NOON, expected=1)
        with pytest.raises(EntryChanged, match="revision 2"):
            directory.put(User("alice", role="clerk"), "dora", NOON, expected=1)

    @pytest.mark.parametrize(("there", "expected"), [(True, 0), (False, 3)])
    def test_a_new_entry_is_new_and_a_changed_one_exists(
        self, directory: Directory, there: bool, expected: int
    ) -> None:
        if there:
            directory.put(User("alice"), "alice", NOON)
        with pytest.raises(EntryChanged):
            directory.put(User("alice"), "bob", NOON, expected=expected)

    def test_kinds_do_not_meet_and_lists_are_by_name(self, directory: Directory) -> None:
        for entry in (User("bob"), User("alice"), Team("alice")):
            directory.put(entry, "alice", NOON)
        assert [kept.entry.name for kept in directory.all(User)] == ["alice", "bob"]
        assert directory.find(Schedule, "alice") is None

    def test_what_is_removed_is_gone(self, directory: Directory) -> None:
        directory.put(User("alice"), "alice", NOON)
        assert directory.remove(User, "alice")
        assert not directory.remove(User, "alice")
        assert directory.all(User) == []

    def test_what_has_moved_on_is_not_removed(self, directory: Directory) -> None:
        directory.put(User("alice"), "alice", NOON)
        directory.put(User("alice", role="manager"), "bob", NOON)
        with pytest.raises(EntryChanged) as refusal:
            directory.remove(User, "alice", expected=1)
        assert refusal.value.found == 2
        assert directory.remove(User, "alice", expected=2)
        assert not directory.remove(User, "alice", expected=2)

    def test_roster_and_suppressions_hold_everything_of_their_kinds(self, directory: Directory) -> None:
        for entry in ONE_OF_EACH:
            directory.put(entry, "alice", NOON)
        user, team, schedule, policy, window, silence, _ = ONE_OF_EACH
        roster, suppressions = directory.roster(), directory.suppressions()
        assert (roster.users["alice"], roster.teams["operations"]) == (user, team)
        assert (roster.schedules["primary"], roster.policies["sev-1"]) == (schedule, policy)
        assert (list(suppressions.windows), list(suppressions.silences)) == ([window], [silence])

    def test_a_schedule_keeps_its_overrides_through_a_change(self, directory: Directory) -> None:
        (schedule,) = [entry for entry in ONE_OF_EACH if isinstance(entry, Schedule)]
        directory.put(schedule, "alice", NOON)
        directory.put(replace(schedule, overrides=()), "alice", NOON)
        kept = directory.find(Schedule, "primary")
        assert kept is not None
        assert kept.entry.overrides == ()
