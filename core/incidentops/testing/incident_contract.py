"""What every `IncidentStore` does, with the intake of signals before it. Twin and adapter inherit these tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import pytest

from incidentops.domain import heartbeats
from incidentops.domain.alerts import AlertStatus, Signal, SignalKind
from incidentops.domain.checklist import Phase, Tick
from incidentops.domain.correlation import Result, Taken
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
from incidentops.ports import Fact
from incidentops.ports.incidents import AlertFilter, Committed, IncidentFilter, IncidentStore, RulesChanged
from incidentops.testing.incidents import BEGIN, a_batch, a_signal

ANY_ALERT, ANY_INCIDENT = AlertFilter(), IncidentFilter()
RESOLVED, FIRING = SignalKind.RESOLVED, SignalKind.FIRING


class SignalStore(Protocol):
    """A store that takes signals and shows what they come to."""

    @property
    def incidents(self) -> IncidentStore: ...

    def write(self, facts: Sequence[Fact]) -> None: ...


def _at(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def _by_alice(seconds: float = 60.0, **fields: object) -> Edit:
    return Edit("alice", _at(seconds), **fields)  # type: ignore[arg-type]  # the tests name real fields


def _send(store: SignalStore, *signals: Signal) -> list[Taken]:
    """Store signals as one batch; returns what each came to."""
    heard: list[Committed] = []
    store.incidents.listen(heard.append)
    batch = a_batch(*signals)
    store.write([batch])
    return list(heard[0].taken[batch.id])


def _only(store: SignalStore) -> Incident:
    [incident] = store.incidents.incidents(ANY_INCIDENT).items
    return incident


def _told(store: SignalStore, incident: Incident) -> list[TimelineKind]:
    return [entry.kind for entry in store.incidents.timeline(incident.id)]


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

    # -- deduplication -----------------------------------------------------------------------------------

    def test_a_first_alert_opens_an_incident(self, store: SignalStore) -> None:
        [taken] = _send(store, a_signal(labels={"env": "production", "team": "data"}))
        incident = _only(store)
        assert taken == Taken(Result.NEW_INCIDENT, taken.alert_id, incident.id)
        assert (incident.title, incident.service, incident.severity) == (
            "HighLatency on redis",
            "redis",
            Severity.HIGH,
        )
        assert (incident.status, incident.alerts, incident.open_alerts, incident.team) == (
            IncidentStatus.OPEN,
            1,
            1,
            "data",
        )
        assert incident.created_at == BEGIN
        assert _told(store, incident) == [TimelineKind.CREATED, TimelineKind.ALERT]

    def test_a_repeat_is_the_same_alert_with_the_newest_words(self, store: SignalStore) -> None:
        first, again = a_signal(), a_signal(after_seconds=30, summary="worse", annotations={"run": "book"})
        [new], [repeat] = _send(store, first), _send(store, again)
        assert repeat == Taken(Result.DEDUPLICATED, new.alert_id, new.incident_id)
        [alert] = store.incidents.alerts(ANY_ALERT).items
        assert (alert.count, alert.summary, alert.annotations) == (2, "worse", {"run": "book"})
        assert (alert.started_at, alert.last_seen_at) == (BEGIN, _at(30))
        assert _only(store).alerts == 1

    def test_a_batch_stored_again_changes_nothing(self, store: SignalStore) -> None:
        batch = a_batch(a_signal(), a_signal(kind=RESOLVED, after_seconds=1))
        store.write([batch])
        before = store.incidents.alerts(ANY_ALERT), store.incidents.incidents(ANY_INCIDENT)
        store.write([batch])
        assert (store.incidents.alerts(ANY_ALERT), store.incidents.incidents(ANY_INCIDENT)) == before

    def test_a_message_that_its_source_sent_before_changes_nothing(self, store: SignalStore) -> None:
        event = a_signal(once="event-1")
        results = [taken.result for taken in _send(store, event, event) + _send(store, event)]
        assert results == [Result.NEW_INCIDENT, Result.IGNORED, Result.IGNORED]
        [elsewhere] = _send(store, a_signal(once="event-1", source="grafana"))
        assert elsewhere.result is Result.EXISTING_INCIDENT

    def test_a_repeat_with_a_worse_severity_escalates(self, store: SignalStore) -> None:
        _send(store, a_signal())
        heard: list[Committed] = []
        store.incidents.listen(heard.append)
        store.write([a_batch(a_signal(after_seconds=5, severity=Severity.CRITICAL))])
        incident = _only(store)
        assert incident.severity is Severity.CRITICAL
        assert [change.kind for change in heard[0].changes] == [ChangeKind.ESCALATED]
        store.write([a_batch(a_signal(after_seconds=9, severity=Severity.LOW))])
        assert _only(store).severity is Severity.CRITICAL

    # -- correlation -------------------------------------------------------------------------------------

    def test_same_service_and_severity_within_five_minutes_of_the_latest_alert_joins(
        self, store: SignalStore
    ) -> None:
        signals = [a_signal(name=f"Alert{n}", after_seconds=n * 290) for n in range(3)]
        results = [_send(store, signal)[0].result for signal in signals]
        assert results == [Result.NEW_INCIDENT, Result.EXISTING_INCIDENT, Result.EXISTING_INCIDENT]
        assert _only(store).alerts == 3

    @pytest.mark.parametrize(
        "other",
        [
            {"after_seconds": 301.0},
            {"service": "postgres"},
            {"severity": Severity.LOW},
        ],
        ids=str,
    )
    def test_anything_else_opens_another(self, store: SignalStore, other: dict[str, object]) -> None:
        _send(store, a_signal())
        [taken] = _send(store, a_signal(name="Other", **other))  # type: ignore[arg-type]
        assert taken.result is Result.NEW_INCIDENT

    def test_a_repeat_keeps_the_incident_taking_in(self, store: SignalStore) -> None:
        _send(store, a_signal())
        _send(store, a_signal(after_seconds=280))
        [taken] = _send(store, a_signal(name="Other", after_seconds=560))
        assert taken.result is Result.EXISTING_INCIDENT

    def test_an_outage_takes_in_what_stands_on_the_service_that_is_down(self, store: SignalStore) -> None:
        root = a_signal("postgres", "ServiceDown", source="incidentops")
        child = a_signal("billing", "ServiceDown", after_seconds=400, source="incidentops",
                         upstream=("api", "postgres"))  # fmt: skip
        _send(store, root)
        [taken] = _send(store, child)
        assert taken.result is Result.EXISTING_INCIDENT
        assert _only(store).service == "postgres"

    def test_an_outage_absorbs_what_broke_just_before(self, store: SignalStore) -> None:
        child = a_signal("billing", "ServiceDown", source="incidentops", upstream=("postgres",))
        root = a_signal("postgres", "ServiceDown", after_seconds=2, source="incidentops",
                        severity=Severity.LOW)  # fmt: skip
        [early] = _send(store, child)
        [late] = _send(store, root)
        assert late.incident_id
        assert early.incident_id
        incident = store.incidents.incident(late.incident_id)
        assert (incident.alerts, incident.open_alerts, incident.severity) == (2, 2, Severity.HIGH)
        folded = store.incidents.incident(early.incident_id)
        assert (folded.status, folded.merged_into) == (IncidentStatus.RESOLVED, incident.id)
        assert {alert.incident_id for alert in store.incidents.alerts(ANY_ALERT).items} == {incident.id}
        assert [item.id for item in store.incidents.merged(incident.id)] == [folded.id]

    def test_both_in_one_batch_come_to_the_same(self, store: SignalStore) -> None:
        child = a_signal("billing", "ServiceDown", source="incidentops", upstream=("postgres",))
        root = a_signal("postgres", "ServiceDown", after_seconds=2, source="incidentops")
        _send(store, child, root)
        items = store.incidents.incidents(IncidentFilter(statuses=(IncidentStatus.OPEN,))).items
        assert [(item.service, item.alerts) for item in items] == [("postgres", 2)]

    def test_stored_rules_apply_from_the_next_batch_on(self, store: SignalStore) -> None:
        document = {"rules": [{"name": "storm", "match": {"labels.env": "lab"}, "group_by": []}]}
        stored = store.incidents.save_rules(document, "rules: …", "alice", BEGIN)
        assert stored.rules.version == 1
        assert store.incidents.rules() == stored
        with pytest.raises(RulesChanged):
            store.incidents.save_rules(document, "rules: …", "bob", BEGIN, expected=0)
        assert store.incidents.save_rules(document, "rules: …", "bob", BEGIN, expected=1).rules.version == 2
        lab = {"env": "lab"}
        taken = _send(store, a_signal(labels=lab), a_signal("postgres", labels=lab), a_signal("billing"))
        assert [item.result for item in taken] == [
            Result.NEW_INCIDENT,
            Result.EXISTING_INCIDENT,
            Result.NEW_INCIDENT,
        ]

    # -- ends --------------------------------------------------------------------------------------------

    def test_an_incident_ends_with_its_last_alert(self, store: SignalStore) -> None:
        _send(store, a_signal(), a_signal(name="Other"))
        _send(store, a_signal(kind=RESOLVED, after_seconds=60))
        assert _only(store).status is IncidentStatus.OPEN
        _send(store, a_signal(name="Other", kind=RESOLVED, after_seconds=90))
        incident = _only(store)
        assert (incident.status, incident.open_alerts) == (IncidentStatus.RESOLVED, 0)
        assert (incident.mtta_seconds, incident.mttr_seconds) == (90.0, 90.0)
        ended = {alert.ended_at for alert in store.incidents.alerts(ANY_ALERT).items}
        assert ended == {_at(60), _at(90)}

    def test_the_end_of_what_is_not_open_is_ignored(self, store: SignalStore) -> None:
        assert _send(store, a_signal(kind=RESOLVED)) == [Taken(Result.IGNORED)]
        assert store.incidents.incidents(ANY_INCIDENT).items == ()

    def test_after_the_end_it_is_a_new_alert_and_a_new_incident_linked_to_the_first(
        self, store: SignalStore
    ) -> None:
        [first] = _send(store, a_signal())
        _send(store, a_signal(kind=RESOLVED, after_seconds=60))
        [second] = _send(store, a_signal(after_seconds=120))
        assert second.result is Result.NEW_INCIDENT
        assert second.alert_id != first.alert_id
        assert second.incident_id
        assert store.incidents.incident(second.incident_id).reopened_from == first.incident_id

    def test_long_after_the_end_it_is_linked_to_nothing(self, store: SignalStore) -> None:
        _send(store, a_signal(), a_signal(kind=RESOLVED, after_seconds=60))
        [late] = _send(store, a_signal(after_seconds=3600))
        assert late.incident_id
        assert store.incidents.incident(late.incident_id).reopened_from is None

    def test_a_flapping_alert_settles_before_its_incident_ends(self, store: SignalStore) -> None:
        for turn in range(4):
            _send(store, a_signal(after_seconds=turn * 20))
            _send(store, a_signal(kind=RESOLVED, after_seconds=turn * 20 + 10))
        newest = store.incidents.incidents(ANY_INCIDENT).items[0]
        assert (newest.status, newest.open_alerts) == (IncidentStatus.OPEN, 0)
        assert store.incidents.settling(_at(200)) == []
        assert store.incidents.settling(_at(500)) == [newest.id]
        [again] = _send(store, a_signal(after_seconds=100))
        assert again == Taken(Result.EXISTING_INCIDENT, again.alert_id, newest.id)
        assert store.incidents.settling(_at(500)) == []

    def test_a_lease_that_was_not_renewed_ends_the_alert(self, store: SignalStore) -> None:
        _send(store, a_signal(lease_until=_at(60)))
        assert store.incidents.expired_leases(_at(59), limit=9) == []
        assert store.incidents.expired_leases(_at(60), limit=9) == [("prometheus", "redis/HighLatency")]
        _send(store, a_signal(after_seconds=60, lease_until=_at(120)))
        expired = a_signal(kind=SignalKind.EXPIRED, after_seconds=60)
        assert _send(store, expired) == [Taken(Result.IGNORED)]
        [taken] = _send(store, replace(expired, at=_at(121)))
        assert taken.result is Result.RESOLVED

    def test_a_source_acknowledges(self, store: SignalStore) -> None:
        _send(store, a_signal())
        [taken] = _send(store, a_signal(kind=SignalKind.ACKNOWLEDGED, after_seconds=30))
        assert taken.result is Result.ACKNOWLEDGED
        assert (_only(store).status, _only(store).mtta_seconds) == (IncidentStatus.ACKNOWLEDGED, 30.0)

    # -- heartbeats --------------------------------------------------------------------------------------

    def test_a_beat_that_does_not_come_is_found_and_its_return_ends_the_alert(
        self, store: SignalStore
    ) -> None:
        minute = timedelta(seconds=60)
        _send(store, heartbeats.beat("backup", BEGIN, minute, "postgres", Severity.HIGH))
        assert store.incidents.missing_beats(_at(59), limit=9) == []
        [due] = store.incidents.missing_beats(_at(61), limit=9)
        assert (due.name, due.service, due.last_beat_at, due.due_at) == ("backup", "postgres", BEGIN, _at(60))
        _send(store, heartbeats.missing("backup", _at(61), due.service, due.severity, due.last_beat_at))
        assert store.incidents.missing_beats(_at(62), limit=9) == []
        [taken] = _send(store, heartbeats.beat("backup", _at(90), minute, "postgres", Severity.HIGH))
        assert taken.result is Result.RESOLVED
        assert _only(store).status is IncidentStatus.RESOLVED

    def test_a_late_replay_does_not_take_a_beat_back(self, store: SignalStore) -> None:
        minute = timedelta(seconds=60)
        for seconds in (100, 50):
            _send(store, heartbeats.beat("backup", _at(seconds), minute, "postgres", Severity.HIGH))
        assert [beat.due_at for beat in store.incidents.heartbeats()] == [_at(160)]

    def test_a_heartbeat_is_forgotten_on_request(self, store: SignalStore) -> None:
        _send(store, heartbeats.beat("backup", BEGIN, timedelta(seconds=60), "postgres", Severity.LOW))
        assert store.incidents.forget_heartbeat("backup")
        assert not store.incidents.forget_heartbeat("backup")
        assert store.incidents.heartbeats() == []

    # -- what people do ----------------------------------------------------------------------------------

    def test_an_incident_opened_by_hand_is_opened_once(self, store: SignalStore) -> None:
        incident = _opened()
        entry = TimelineEntry(incident.id, BEGIN, TimelineKind.CREATED, "alice", "opened")
        first, again = store.incidents.open(incident, [entry]), store.incidents.open(incident, [entry])
        assert first == again == replace(incident, number=first.number)
        assert _told(store, first) == [TimelineKind.CREATED]
        assert store.incidents.incident(first.number) == first

    def test_edits_walk_the_status_machine_and_are_told(self, store: SignalStore) -> None:
        _send(store, a_signal())
        incident = _only(store)
        heard: list[Committed] = []
        store.incidents.listen(heard.append)
        store.incidents.edit(incident.id, _by_alice(30, status=IncidentStatus.ACKNOWLEDGED, assignee="alice"))
        store.incidents.edit(incident.id, _by_alice(40, status=IncidentStatus.IN_PROGRESS))
        edit = _by_alice(60, status=IncidentStatus.RESOLVED, note="Fixed the root cause")
        after = store.incidents.edit(incident.id, edit)
        assert after == _only(store)
        assert (after.status, after.assignee) == (IncidentStatus.RESOLVED, "alice")
        assert (after.mtta_seconds, after.mttr_seconds) == (30.0, 60.0)
        assert [change.kind for told in heard for change in told.changes] == [
            ChangeKind.ACKNOWLEDGED,
            ChangeKind.RESOLVED,
        ]
        assert _told(store, after)[2:] == [
            TimelineKind.ASSIGNED,
            TimelineKind.STATUS,
            TimelineKind.STATUS,
            TimelineKind.NOTE,
            TimelineKind.STATUS,
        ]

    def test_an_incident_that_people_resolve_takes_its_alerts_along(self, store: SignalStore) -> None:
        _send(store, a_signal())
        incident = store.incidents.edit(_only(store).id, _by_alice(status=IncidentStatus.RESOLVED))
        assert incident.open_alerts == 0
        [alert] = store.incidents.alerts(ANY_ALERT).items
        assert (alert.status, alert.ended_at) == (AlertStatus.RESOLVED, _at(60))
        [again] = _send(store, a_signal(after_seconds=70))
        assert again.result is Result.NEW_INCIDENT

    def test_services_with_an_unresolved_incident_are_told_with_its_number(self, store: SignalStore) -> None:
        root = a_signal("postgres", "ServiceDown", source="incidentops")
        _send(store, root, a_signal("billing", "ServiceDown", source="incidentops", upstream=("postgres",)))
        incident = _only(store)
        asked = ("postgres", "billing", "redis")
        assert store.incidents.unresolved_of(asked) == {
            "postgres": incident.number,
            "billing": incident.number,
        }
        assert store.incidents.unresolved_of(("redis",)) == {}
        store.incidents.edit(incident.id, _by_alice(status=IncidentStatus.RESOLVED))
        assert store.incidents.unresolved_of(asked) == {}

    def test_an_illegal_step_names_the_legal_ones_and_changes_nothing(self, store: SignalStore) -> None:
        incident = store.incidents.open(_opened(status=IncidentStatus.RESOLVED, resolved_at=BEGIN), [])
        with pytest.raises(IllegalTransition) as refusal:
            store.incidents.edit(incident.id, _by_alice(status=IncidentStatus.OPEN, note="again"))
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
            incident = store.incidents.edit(incident.id, Edit(actor, _at(seconds), phases=phases))
        assert store.incidents.incident(incident.id).checklist == (
            Tick(Phase.REVIEW, "alice", _at(1)),
            Tick(Phase.TRIAGE, "bob", _at(4)),
        )
        assert [(entry.actor, entry.text) for entry in store.incidents.timeline(incident.id)] == [
            ("alice", "Triage done: Assess severity and impact"),
            ("alice", "Review done: Conduct post-mortem"),
            ("bob", "Triage not done yet: Assess severity and impact"),
            ("bob", "Triage done: Assess severity and impact"),
        ]
        with pytest.raises(IncidentRefused, match="Detect"):
            store.incidents.edit(incident.id, _by_alice(phases={Phase.DETECT: False}))

    def test_ticks_outlive_what_alerts_do_to_the_incident(self, store: SignalStore) -> None:
        _send(store, a_signal())
        store.incidents.edit(_only(store).id, _by_alice(phases={Phase.TRIAGE: True}))
        _send(store, a_signal(after_seconds=70))
        assert [tick.phase for tick in _only(store).checklist] == [Phase.TRIAGE]

    def test_an_unknown_incident_is_named(self, store: SignalStore) -> None:
        for reference in (UUID(int=1), 4711):
            with pytest.raises(UnknownIncident, match=str(reference)):
                store.incidents.incident(reference)
        with pytest.raises(UnknownIncident):
            store.incidents.edit(UUID(int=1), _by_alice(note="?"))

    def test_one_incident_is_merged_into_another(self, store: SignalStore) -> None:
        _send(store, a_signal(), a_signal("postgres", severity=Severity.CRITICAL))
        child, root = store.incidents.incidents(ANY_INCIDENT).items
        merged = store.incidents.merge(child.id, root.id, _by_alice())
        assert (merged.alerts, merged.open_alerts, merged.severity) == (2, 2, Severity.CRITICAL)
        assert store.incidents.incident(child.id).merged_into == root.id
        assert len(store.incidents.alerts(AlertFilter(incident_id=root.id)).items) == 2
        _send(store, a_signal("postgres", kind=RESOLVED, after_seconds=90))
        assert store.incidents.incident(root.id).open_alerts == 1

    def test_what_cannot_be_merged_is_refused(self, store: SignalStore) -> None:
        _send(store, a_signal(), a_signal("postgres"))
        one, other = store.incidents.incidents(ANY_INCIDENT).items
        with pytest.raises(IncidentRefused, match="itself"):
            store.incidents.merge(one.id, one.id, _by_alice())
        store.incidents.edit(other.id, _by_alice(status=IncidentStatus.RESOLVED))
        with pytest.raises(IncidentRefused, match="resolved"):
            store.incidents.merge(one.id, other.id, _by_alice())

    # -- pages and numbers -------------------------------------------------------------------------------

    def test_pages_hold_every_incident_and_alert_once_newest_first(self, store: SignalStore) -> None:
        _send(store, *(a_signal(f"service-{n}") for n in range(7)))
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

    @pytest.mark.parametrize(
        ("where", "services"),
        [
            (IncidentFilter(statuses=(IncidentStatus.OPEN,)), {"redis", "postgres"}),
            (IncidentFilter(statuses=(IncidentStatus.RESOLVED, IncidentStatus.OPEN)), None),
            (IncidentFilter(severity=Severity.LOW), {"postgres"}),
            (IncidentFilter(service="redis"), {"redis"}),
            (IncidentFilter(team="data"), {"redis"}),
            (IncidentFilter(assignee="alice"), {"billing"}),
            (IncidentFilter(since=_at(150)), {"billing"}),
            (IncidentFilter(until=_at(150)), {"redis", "postgres"}),
        ],
        ids=lambda given: "-".join(sorted(given)) if isinstance(given, set) else str(given),
    )
    def test_filters_choose_incidents(
        self, store: SignalStore, where: IncidentFilter, services: set[str] | None
    ) -> None:
        _send(
            store,
            a_signal("redis", labels={"team": "data"}),
            a_signal("postgres", severity=Severity.LOW),
            a_signal("billing", after_seconds=200),
        )
        [billing] = store.incidents.incidents(IncidentFilter(service="billing")).items
        edit = _by_alice(300, status=IncidentStatus.RESOLVED, assignee="alice")
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
        _send(store, *(a_signal(name=f"Alert{n}") for n in range(3)), a_signal("postgres"))
        postgres, redis = store.incidents.incidents(ANY_INCIDENT).items
        store.incidents.edit(redis.id, _by_alice(60, status=IncidentStatus.ACKNOWLEDGED))
        store.incidents.edit(redis.id, _by_alice(120, status=IncidentStatus.RESOLVED))
        numbers = store.incidents.statistics(_at(-3600), _at(3600))
        assert (numbers.incidents, numbers.unresolved, numbers.alerts) == (2, 1, 4)
        assert (numbers.mtta_seconds, numbers.mttr_seconds) == (60.0, 120.0)
        assert numbers.by_status == {"open": 1, "resolved": 1}
        assert numbers.by_severity == {"high": 2}
        assert [(item.service, item.alerts) for item in numbers.noisiest] == [("redis", 3), ("postgres", 1)]
        assert [(item.at, item.count) for item in numbers.volume] == [(BEGIN, 2)]
        nothing = store.incidents.statistics(_at(-7200), _at(-3600))
        assert (nothing.incidents, nothing.mtta_seconds, nothing.volume) == (0, None, ())
        assert store.incidents.count_by_status() == {IncidentStatus.OPEN: 1, IncidentStatus.RESOLVED: 1}
        assert postgres.service == "postgres"

    def test_the_story_of_a_period_is_told_by_kinds_and_in_its_order(self, store: SignalStore) -> None:
        _send(store, a_signal())
        [incident] = store.incidents.incidents(IncidentFilter()).items
        for minutes, severity in ((1, Severity.CRITICAL), (2, Severity.LOW)):
            at = _at(minutes * 60)
            store.incidents.edit(incident.id, Edit("alice", at, severity=severity, note="looked"))
        told = store.incidents.story(_at(0), _at(3600), [TimelineKind.SEVERITY], limit=10)
        assert [(line.at, line.actor, line.data["before"], line.data["severity"]) for line in told] == [
            (_at(60), "alice", "high", "critical"),
            (_at(120), "alice", "critical", "low"),
        ]
        assert store.incidents.story(_at(0), _at(3600), [TimelineKind.SEVERITY], limit=1) == told[:1]
        assert store.incidents.story(_at(120), _at(3600), [TimelineKind.SEVERITY], limit=10) == told[1:]

    def test_history_gives_alerts_in_the_order_they_were_accepted(self, store: SignalStore) -> None:
        _send(store, *(a_signal(name=f"Alert{n}") for n in range(3)))
        found = list(
            store.incidents.history(BEGIN - timedelta(days=1), datetime.max.replace(tzinfo=BEGIN.tzinfo))
        )
        assert [alert.name for alert in found] == ["Alert0", "Alert1", "Alert2"]
