"""What people do with incidents and read of them, in every `IncidentStore`. Twin and adapter inherit these tests."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from msgspec import structs

from incidentops.domain.alerts import AlertStatus, SignalKind
from incidentops.domain.checklist import Phase, Tick
from incidentops.domain.correlation import Result
from incidentops.domain.incidents import (
    ChangeKind,
    Edit,
    IllegalTransition,
    Incident,
    IncidentRefused,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
    UnknownIncident,
)
from incidentops.domain.severity import Severity
from incidentops.messages.ids import uuid7
from incidentops.ports.incidents import AlertFilter, Committed, IncidentFilter
from incidentops.testing.incidents import BEGIN, a_signal
from incidentops.testing.signal_store import ANY_INCIDENT, SignalStore, at, by_alice, only, send, told

ANY_ALERT = AlertFilter()
RESOLVED, FIRING = SignalKind.RESOLVED, SignalKind.FIRING


def _opened(title: str = "Latency spike detected", **fields: object) -> Incident:
    given: dict[str, object] = {
        "service": "billing",
        "severity": Severity.HIGH,
        "status": IncidentStatus.OPEN,
        "created_at": BEGIN,
        "group_key": "",
        "last_alert_at": BEGIN,
    }
    return Incident(id=uuid7(), number=0, title=title, **(given | fields))  # type: ignore[arg-type]


class IncidentContract:
    """Inherit, and define the fixture `store` (empty)."""

    # -- what people do ----------------------------------------------------------------------------------

    def test_an_incident_opened_by_hand_is_opened_once(self, store: SignalStore) -> None:
        incident = _opened()
        entry = TimelineEntry(incident.id, BEGIN, TimelineKind.CREATED, "alice", "opened")
        first, again = store.incidents.open(incident, [entry]), store.incidents.open(incident, [entry])
        assert first == again == structs.replace(incident, number=first.number)
        assert told(store, first) == [TimelineKind.CREATED]
        assert store.incidents.incident(first.number) == first

    def test_edits_walk_the_status_machine_and_are_told(self, store: SignalStore) -> None:
        send(store, a_signal())
        incident = only(store)
        heard: list[Committed] = []
        store.incidents.listen(heard.append)
        store.incidents.edit(incident.id, by_alice(30, status=IncidentStatus.ACKNOWLEDGED, assignee="alice"))
        store.incidents.edit(incident.id, by_alice(40, status=IncidentStatus.IN_PROGRESS))
        edit = by_alice(60, status=IncidentStatus.RESOLVED, note="Fixed the root cause")
        after = store.incidents.edit(incident.id, edit)
        assert after == only(store)
        assert (after.status, after.assignee) == (IncidentStatus.RESOLVED, "alice")
        assert (after.mtta_seconds, after.mttr_seconds) == (30.0, 60.0)
        assert [change.kind for told in heard for change in told.changes] == [
            ChangeKind.ACKNOWLEDGED,
            ChangeKind.RESOLVED,
        ]
        assert told(store, after)[2:] == [
            TimelineKind.ASSIGNED,
            TimelineKind.STATUS,
            TimelineKind.STATUS,
            TimelineKind.NOTE,
            TimelineKind.STATUS,
        ]

    def test_an_incident_that_people_resolve_takes_its_alerts_along(self, store: SignalStore) -> None:
        send(store, a_signal())
        incident = store.incidents.edit(only(store).id, by_alice(status=IncidentStatus.RESOLVED))
        assert incident.open_alerts == 0
        [alert] = store.incidents.alerts(ANY_ALERT).items
        assert (alert.status, alert.ended_at) == (AlertStatus.RESOLVED, at(60))
        [again] = send(store, a_signal(after_seconds=70))
        assert again.result is Result.NEW_INCIDENT

    def test_services_with_an_unresolved_incident_are_told_with_its_number(self, store: SignalStore) -> None:
        root = a_signal("postgres", "ServiceDown", source="incidentops")
        send(store, root, a_signal("billing", "ServiceDown", source="incidentops", upstream=("postgres",)))
        incident = only(store)
        asked = ("postgres", "billing", "redis")
        assert store.incidents.unresolved_of(asked) == {
            "postgres": incident.number,
            "billing": incident.number,
        }
        assert store.incidents.unresolved_of(("redis",)) == {}
        store.incidents.edit(incident.id, by_alice(status=IncidentStatus.RESOLVED))
        assert store.incidents.unresolved_of(asked) == {}

    def test_an_illegal_step_names_the_legal_ones_and_changes_nothing(self, store: SignalStore) -> None:
        incident = store.incidents.open(_opened(status=IncidentStatus.RESOLVED, resolved_at=BEGIN), [])
        with pytest.raises(IllegalTransition) as refusal:
            store.incidents.edit(incident.id, by_alice(status=IncidentStatus.OPEN, note="again"))
        assert refusal.value.legal == ()
        assert store.incidents.incident(incident.id) == incident
        assert store.incidents.timeline(incident.id) == []

    def test_phases_are_ticked_once_and_may_be_opened_again(self, store: SignalStore) -> None:
        incident = store.incidents.open(_opened(), [])
        for seconds, actor, done in (
            (1, "alice", True),
            (2, "bob", True),
            (3, "bob", False),
            (4, "bob", True),
        ):
            phases = {Phase.TRIAGE: done, Phase.REVIEW: True}
            incident = store.incidents.edit(incident.id, Edit(actor, at(seconds), phases=phases))
        assert store.incidents.incident(incident.id).checklist == (
            Tick(Phase.REVIEW, "alice", at(1)),
            Tick(Phase.TRIAGE, "bob", at(4)),
        )
        assert [(entry.actor, entry.text) for entry in store.incidents.timeline(incident.id)] == [
            ("alice", "Triage done: Assess severity and impact"),
            ("alice", "Review done: Conduct post-mortem"),
            ("bob", "Triage not done yet: Assess severity and impact"),
            ("bob", "Triage done: Assess severity and impact"),
        ]
        with pytest.raises(IncidentRefused, match="Detect"):
            store.incidents.edit(incident.id, by_alice(phases={Phase.DETECT: False}))

    def test_ticks_outlive_what_alerts_do_to_the_incident(self, store: SignalStore) -> None:
        send(store, a_signal())
        store.incidents.edit(only(store).id, by_alice(phases={Phase.TRIAGE: True}))
        send(store, a_signal(after_seconds=70))
        assert [tick.phase for tick in only(store).checklist] == [Phase.TRIAGE]

    def test_an_unknown_incident_is_named(self, store: SignalStore) -> None:
        for reference in (UUID(int=1), 4711):
            with pytest.raises(UnknownIncident, match=str(reference)):
                store.incidents.incident(reference)
        with pytest.raises(UnknownIncident):
            store.incidents.edit(UUID(int=1), by_alice(note="?"))

    def test_one_incident_is_merged_into_another(self, store: SignalStore) -> None:
        send(store, a_signal(), a_signal("postgres", severity=Severity.CRITICAL))
        child, root = store.incidents.incidents(ANY_INCIDENT).items
        merged = store.incidents.merge(child.id, root.id, by_alice())
        assert (merged.alerts, merged.open_alerts, merged.severity) == (2, 2, Severity.CRITICAL)
        assert store.incidents.incident(child.id).merged_into == root.id
        assert len(store.incidents.alerts(AlertFilter(incident_id=root.id)).items) == 2
        send(store, a_signal("postgres", kind=RESOLVED, after_seconds=90))
        assert store.incidents.incident(root.id).open_alerts == 1

    def test_a_resolved_incident_is_reopened_once_as_a_new_one_that_its_alerts_join(
        self, store: SignalStore
    ) -> None:
        send(store, a_signal())
        first = store.incidents.edit(only(store).id, by_alice(60, status=IncidentStatus.RESOLVED))
        heard: list[Committed] = []
        store.incidents.listen(heard.append)
        second = store.incidents.reopen(first.id, by_alice(90))
        assert second == store.incidents.reopen(first.id, by_alice(91)) == store.incidents.incident(second.id)
        assert (second.reopened_from, second.status, second.title) == (
            first.id,
            IncidentStatus.OPEN,
            first.title,
        )
        assert (second.alerts, second.rule, second.created_at) == (0, first.rule, at(90))
        assert [change.kind for item in heard for change in item.changes] == [ChangeKind.CREATED]
        assert told(store, second) == [TimelineKind.CREATED, TimelineKind.LINKED]
        assert told(store, first)[-1] is TimelineKind.LINKED
        [taken] = send(store, a_signal(after_seconds=100))
        assert (taken.result, taken.incident_id) == (Result.EXISTING_INCIDENT, second.id)

    def test_a_problem_that_came_back_by_itself_is_what_reopening_gives(self, store: SignalStore) -> None:
        send(store, a_signal(), a_signal(kind=RESOLVED, after_seconds=10))
        first = only(store)
        [taken] = send(store, a_signal(after_seconds=20))
        assert store.incidents.reopen(first.id, by_alice(30)).id == taken.incident_id

    def test_only_what_was_resolved_lately_is_reopened(self, store: SignalStore) -> None:
        one, other = store.incidents.open(_opened(), []), store.incidents.open(_opened("Disk full"), [])
        with pytest.raises(IncidentRefused, match="not resolved"):
            store.incidents.reopen(one.id, by_alice(10))
        store.incidents.merge(one.id, other.id, by_alice(20))
        with pytest.raises(IncidentRefused, match="part of another"):
            store.incidents.reopen(one.id, by_alice(30))
        store.incidents.edit(other.id, by_alice(40, status=IncidentStatus.RESOLVED))
        with pytest.raises(IncidentRefused, match="too long ago"):
            store.incidents.reopen(other.id, by_alice(641))
        with pytest.raises(UnknownIncident):
            store.incidents.reopen(uuid7(), by_alice(50))

    def test_what_cannot_be_merged_is_refused(self, store: SignalStore) -> None:
        send(store, a_signal(), a_signal("postgres"))
        one, other = store.incidents.incidents(ANY_INCIDENT).items
        with pytest.raises(IncidentRefused, match="itself"):
            store.incidents.merge(one.id, one.id, by_alice())
        store.incidents.edit(other.id, by_alice(status=IncidentStatus.RESOLVED))
        with pytest.raises(IncidentRefused, match="resolved"):
            store.incidents.merge(one.id, other.id, by_alice())

    # -- pages and numbers -------------------------------------------------------------------------------

    def test_pages_hold_every_incident_and_alert_once_newest_first(self, store: SignalStore) -> None:
        send(store, *(a_signal(f"service-{n}") for n in range(7)))
        numbers: list[int] = []
        ids: list[UUID] = []
        cursor: str | None = None
        while not numbers or cursor:
            page = store.incidents.incidents(ANY_INCIDENT, limit=3, cursor=cursor)
            numbers += [item.number for item in page.items]
            cursor = page.next_cursor
        while not ids or cursor:
            alerts = store.incidents.alerts(ANY_ALERT, limit=3, cursor=cursor)
            ids += [item.id for item in alerts.items]
            cursor = alerts.next_cursor
        assert (len(numbers), len(ids)) == (7, 7)
        assert numbers == sorted(numbers, reverse=True)
        assert ids == sorted(ids, reverse=True)

    def test_pages_of_several_statuses_go_on_where_they_ended(self, store: SignalStore) -> None:
        send(store, *(a_signal(f"service-{n}") for n in range(7)))
        for item in store.incidents.incidents(ANY_INCIDENT, limit=3).items:
            store.incidents.edit(item.id, by_alice(status=IncidentStatus.RESOLVED))
        both = IncidentFilter(statuses=(IncidentStatus.RESOLVED, IncidentStatus.OPEN))
        first = store.incidents.incidents(both, limit=4)
        second = store.incidents.incidents(both, limit=4, cursor=first.next_cursor)
        numbers = [item.number for item in (*first.items, *second.items)]
        assert (len(numbers), second.next_cursor) == (7, None)
        assert numbers == sorted(numbers, reverse=True)

    @pytest.mark.parametrize(
        ("where", "services"),
        [
            (IncidentFilter(statuses=(IncidentStatus.OPEN,)), {"redis", "postgres"}),
            (IncidentFilter(statuses=(IncidentStatus.RESOLVED, IncidentStatus.OPEN)), None),
            (IncidentFilter(severity=Severity.LOW), {"postgres"}),
            (IncidentFilter(service="redis"), {"redis"}),
            (IncidentFilter(team="data"), {"redis"}),
            (IncidentFilter(assignee="alice"), {"billing"}),
            (IncidentFilter(since=at(150)), {"billing"}),
            (IncidentFilter(until=at(150)), {"redis", "postgres"}),
        ],
        ids=lambda given: "-".join(sorted(given)) if isinstance(given, set) else str(given),
    )
    def test_filters_choose_incidents(
        self, store: SignalStore, where: IncidentFilter, services: set[str] | None
    ) -> None:
        send(
            store,
            a_signal("redis", labels={"team": "data"}),
            a_signal("postgres", severity=Severity.LOW),
            a_signal("billing", after_seconds=200),
        )
        [billing] = store.incidents.incidents(IncidentFilter(service="billing")).items
        edit = by_alice(300, status=IncidentStatus.RESOLVED, assignee="alice")
        store.incidents.edit(billing.id, edit)
        found = {item.service for item in store.incidents.incidents(where).items}
        assert found == (services or {"redis", "postgres", "billing"})

    @pytest.mark.parametrize("cursor", ["", "x", "-", "é"])
    def test_a_cursor_of_someone_else_is_a_value_error(self, store: SignalStore, cursor: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            store.incidents.incidents(ANY_INCIDENT, cursor=cursor)
        with pytest.raises(ValueError, match=r"."):
            store.incidents.alerts(ANY_ALERT, cursor=cursor)

    def test_statistics_tell_volume_times_and_the_noisiest(self, store: SignalStore) -> None:
        send(store, *(a_signal(name=f"Alert{n}") for n in range(3)), a_signal("postgres"))
        postgres, redis = store.incidents.incidents(ANY_INCIDENT).items
        store.incidents.edit(redis.id, by_alice(60, status=IncidentStatus.ACKNOWLEDGED))
        store.incidents.edit(redis.id, by_alice(120, status=IncidentStatus.RESOLVED))
        numbers = store.incidents.statistics(at(-3600), at(3600))
        assert (numbers.incidents, numbers.unresolved, numbers.alerts) == (2, 1, 4)
        assert (numbers.mtta_seconds, numbers.mttr_seconds) == (60.0, 120.0)
        assert numbers.by_status == {"open": 1, "resolved": 1}
        assert numbers.by_severity == {"high": 2}
        assert [(item.service, item.alerts) for item in numbers.noisiest] == [("redis", 3), ("postgres", 1)]
        assert [(item.at, item.count) for item in numbers.volume] == [(BEGIN, 2)]
        nothing = store.incidents.statistics(at(-7200), at(-3600))
        assert (nothing.incidents, nothing.mtta_seconds, nothing.volume) == (0, None, ())
        assert store.incidents.count_by_status() == {IncidentStatus.OPEN: 1, IncidentStatus.RESOLVED: 1}
        assert postgres.service == "postgres"

    def test_the_story_of_a_period_is_told_by_kinds_and_in_its_order(self, store: SignalStore) -> None:
        send(store, a_signal())
        [incident] = store.incidents.incidents(IncidentFilter()).items
        for minutes, severity in ((1, Severity.CRITICAL), (2, Severity.LOW)):
            edit = by_alice(minutes * 60, severity=severity, note="looked")
            store.incidents.edit(incident.id, edit)
        story = store.incidents.story(at(0), at(3600), [TimelineKind.SEVERITY], limit=10)
        assert [(line.at, line.actor, line.data["before"], line.data["severity"]) for line in story] == [
            (at(60), "alice", "high", "critical"),
            (at(120), "alice", "critical", "low"),
        ]
        assert store.incidents.story(at(0), at(3600), [TimelineKind.SEVERITY], limit=1) == story[:1]
        assert store.incidents.story(at(120), at(3600), [TimelineKind.SEVERITY], limit=10) == story[1:]

    def test_history_gives_alerts_in_the_order_they_were_accepted(self, store: SignalStore) -> None:
        send(store, *(a_signal(name=f"Alert{n}") for n in range(3)))
        found = list(
            store.incidents.history(BEGIN - timedelta(days=1), datetime.max.replace(tzinfo=BEGIN.tzinfo))
        )
        assert [alert.name for alert in found] == ["Alert0", "Alert1", "Alert2"]
