"""What every `IncidentStore` makes of signals. Twin and adapter inherit these tests."""

from datetime import timedelta

import pytest
from msgspec import structs

from incidentops.domain import heartbeats
from incidentops.domain.alerts import SignalKind
from incidentops.domain.correlation import Result, Taken
from incidentops.domain.incidents import (
    ChangeKind,
    IncidentStatus,
    TimelineKind,
)
from incidentops.domain.severity import Severity
from incidentops.ports.incidents import AlertFilter, Committed, IncidentFilter, RulesChanged
from incidentops.testing.incidents import BEGIN, a_batch, a_signal
from incidentops.testing.signal_store import ANY_INCIDENT, SignalStore, at, only, send, told

ANY_ALERT = AlertFilter()
RESOLVED, FIRING = SignalKind.RESOLVED, SignalKind.FIRING


class IntakeContract:
    """Inherit, and define the fixture `store` (empty)."""

    # -- deduplication -----------------------------------------------------------------------------------

    def test_a_first_alert_opens_an_incident(self, store: SignalStore) -> None:
        [taken] = send(store, a_signal(labels={"env": "production", "team": "data"}))
        incident = only(store)
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
        assert told(store, incident) == [TimelineKind.CREATED, TimelineKind.ALERT]

    @pytest.mark.parametrize(
        "team", ["", "".join(map(chr, range(0x4E00, 0x5E00)))], ids=["empty", "too long"]
    )
    def test_a_label_that_cannot_be_a_name_names_no_team(self, store: SignalStore, team: str) -> None:
        send(store, a_signal(labels={"team": team}))
        assert only(store).team is None
        [alert] = store.incidents.alerts(ANY_ALERT).items
        assert alert.labels == {"team": team}

    def test_a_repeat_is_the_same_alert_with_the_newest_words(self, store: SignalStore) -> None:
        first, again = a_signal(), a_signal(after_seconds=30, summary="worse", annotations={"run": "book"})
        [new], [repeat] = send(store, first), send(store, again)
        assert repeat == Taken(Result.DEDUPLICATED, new.alert_id, new.incident_id)
        [alert] = store.incidents.alerts(ANY_ALERT).items
        assert (alert.count, alert.summary, alert.annotations) == (2, "worse", {"run": "book"})
        assert (alert.started_at, alert.last_seen_at) == (BEGIN, at(30))
        assert only(store).alerts == 1

    def test_a_batch_stored_again_changes_nothing(self, store: SignalStore) -> None:
        batch = a_batch(a_signal(), a_signal(kind=RESOLVED, after_seconds=1))
        store.write([batch])
        before = store.incidents.alerts(ANY_ALERT), store.incidents.incidents(ANY_INCIDENT)
        store.write([batch])
        assert (store.incidents.alerts(ANY_ALERT), store.incidents.incidents(ANY_INCIDENT)) == before

    def test_a_message_that_its_source_sent_before_changes_nothing(self, store: SignalStore) -> None:
        event = a_signal(once="event-1")
        results = [taken.result for taken in send(store, event, event) + send(store, event)]
        assert results == [Result.NEW_INCIDENT, Result.IGNORED, Result.IGNORED]
        [elsewhere] = send(store, a_signal(once="event-1", source="grafana"))
        assert elsewhere.result is Result.EXISTING_INCIDENT

    def test_on_call_knows_the_labels_of_what_fires(self, store: SignalStore) -> None:
        send(store, a_signal(labels={"env": "production", "severity": "page"}), a_signal(name="DiskFull"))
        send(store, a_signal(name="DiskFull", kind=RESOLVED, after_seconds=5))
        [pending] = store.escalations.changed()
        known = {"service": "redis", "alertname": "HighLatency", "severity": "page", "env": "production"}
        assert pending.alerts == (known,)

    def test_a_repeat_with_a_worse_severity_escalates(self, store: SignalStore) -> None:
        send(store, a_signal())
        heard: list[Committed] = []
        store.incidents.listen(heard.append)
        store.write([a_batch(a_signal(after_seconds=5, severity=Severity.CRITICAL))])
        incident = only(store)
        assert incident.severity is Severity.CRITICAL
        assert [change.kind for change in heard[0].changes] == [ChangeKind.ESCALATED]
        store.write([a_batch(a_signal(after_seconds=9, severity=Severity.LOW))])
        assert only(store).severity is Severity.CRITICAL

    # -- correlation -------------------------------------------------------------------------------------

    def test_same_service_and_severity_within_five_minutes_of_the_latest_alert_joins(
        self, store: SignalStore
    ) -> None:
        signals = [a_signal(name=f"Alert{n}", after_seconds=n * 290) for n in range(3)]
        results = [send(store, signal)[0].result for signal in signals]
        assert results == [Result.NEW_INCIDENT, Result.EXISTING_INCIDENT, Result.EXISTING_INCIDENT]
        assert only(store).alerts == 3

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
        send(store, a_signal())
        [taken] = send(store, a_signal(name="Other", **other))  # type: ignore[arg-type]
        assert taken.result is Result.NEW_INCIDENT

    def test_a_repeat_keeps_the_incident_taking_in(self, store: SignalStore) -> None:
        send(store, a_signal())
        send(store, a_signal(after_seconds=280))
        [taken] = send(store, a_signal(name="Other", after_seconds=560))
        assert taken.result is Result.EXISTING_INCIDENT

    def test_an_outage_takes_in_what_stands_on_the_service_that_is_down(self, store: SignalStore) -> None:
        root = a_signal("postgres", "ServiceDown", source="incidentops")
        child = a_signal("billing", "ServiceDown", after_seconds=400, source="incidentops",
                         upstream=("api", "postgres"))  # fmt: skip
        send(store, root)
        [taken] = send(store, child)
        assert taken.result is Result.EXISTING_INCIDENT
        assert only(store).service == "postgres"

    def test_an_outage_absorbs_what_broke_just_before(self, store: SignalStore) -> None:
        child = a_signal("billing", "ServiceDown", source="incidentops", upstream=("postgres",))
        root = a_signal("postgres", "ServiceDown", after_seconds=2, source="incidentops",
                        severity=Severity.LOW)  # fmt: skip
        [early] = send(store, child)
        [late] = send(store, root)
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
        send(store, child, root)
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
        taken = send(store, a_signal(labels=lab), a_signal("postgres", labels=lab), a_signal("billing"))
        assert [item.result for item in taken] == [
            Result.NEW_INCIDENT,
            Result.EXISTING_INCIDENT,
            Result.NEW_INCIDENT,
        ]

    # -- ends --------------------------------------------------------------------------------------------

    def test_an_incident_ends_with_its_last_alert(self, store: SignalStore) -> None:
        send(store, a_signal(), a_signal(name="Other"))
        send(store, a_signal(kind=RESOLVED, after_seconds=60))
        assert only(store).status is IncidentStatus.OPEN
        send(store, a_signal(name="Other", kind=RESOLVED, after_seconds=90))
        incident = only(store)
        assert (incident.status, incident.open_alerts) == (IncidentStatus.RESOLVED, 0)
        assert (incident.mtta_seconds, incident.mttr_seconds) == (90.0, 90.0)
        ended = {alert.ended_at for alert in store.incidents.alerts(ANY_ALERT).items}
        assert ended == {at(60), at(90)}

    def test_the_end_of_what_is_not_open_is_ignored(self, store: SignalStore) -> None:
        assert send(store, a_signal(kind=RESOLVED)) == [Taken(Result.IGNORED)]
        assert store.incidents.incidents(ANY_INCIDENT).items == ()

    def test_after_the_end_it_is_a_new_alert_and_a_new_incident_linked_to_the_first(
        self, store: SignalStore
    ) -> None:
        [first] = send(store, a_signal())
        send(store, a_signal(kind=RESOLVED, after_seconds=60))
        [second] = send(store, a_signal(after_seconds=120))
        assert second.result is Result.NEW_INCIDENT
        assert second.alert_id != first.alert_id
        assert second.incident_id
        assert store.incidents.incident(second.incident_id).reopened_from == first.incident_id

    def test_long_after_the_end_it_is_linked_to_nothing(self, store: SignalStore) -> None:
        send(store, a_signal(), a_signal(kind=RESOLVED, after_seconds=60))
        [late] = send(store, a_signal(after_seconds=3600))
        assert late.incident_id
        assert store.incidents.incident(late.incident_id).reopened_from is None

    def test_a_flapping_alert_settles_before_its_incident_ends(self, store: SignalStore) -> None:
        for turn in range(4):
            send(store, a_signal(after_seconds=turn * 20))
            send(store, a_signal(kind=RESOLVED, after_seconds=turn * 20 + 10))
        newest = store.incidents.incidents(ANY_INCIDENT).items[0]
        assert (newest.status, newest.open_alerts) == (IncidentStatus.OPEN, 0)
        assert store.incidents.settling(at(200)) == []
        assert store.incidents.settling(at(500)) == [newest.id]
        [again] = send(store, a_signal(after_seconds=100))
        assert again == Taken(Result.EXISTING_INCIDENT, again.alert_id, newest.id)
        assert store.incidents.settling(at(500)) == []

    def test_a_lease_that_was_not_renewed_ends_the_alert(self, store: SignalStore) -> None:
        send(store, a_signal(lease_until=at(60)))
        assert store.incidents.expired_leases(at(59), limit=9) == []
        assert store.incidents.expired_leases(at(60), limit=9) == [("prometheus", "redis/HighLatency")]
        send(store, a_signal(after_seconds=60, lease_until=at(120)))
        expired = a_signal(kind=SignalKind.EXPIRED, after_seconds=60)
        assert send(store, expired) == [Taken(Result.IGNORED)]
        [taken] = send(store, structs.replace(expired, at=at(121)))
        assert taken.result is Result.RESOLVED

    def test_a_source_acknowledges(self, store: SignalStore) -> None:
        send(store, a_signal())
        [taken] = send(store, a_signal(kind=SignalKind.ACKNOWLEDGED, after_seconds=30))
        assert taken.result is Result.ACKNOWLEDGED
        assert (only(store).status, only(store).mtta_seconds) == (IncidentStatus.ACKNOWLEDGED, 30.0)

    # -- heartbeats --------------------------------------------------------------------------------------

    def test_a_beat_that_does_not_come_is_found_and_its_return_ends_the_alert(
        self, store: SignalStore
    ) -> None:
        minute = timedelta(seconds=60)
        send(store, heartbeats.beat("backup", BEGIN, minute, "postgres", Severity.HIGH))
        assert store.incidents.missing_beats(at(59), limit=9) == []
        [due] = store.incidents.missing_beats(at(61), limit=9)
        assert (due.name, due.service, due.last_beat_at, due.due_at) == ("backup", "postgres", BEGIN, at(60))
        send(store, heartbeats.missing("backup", at(61), due.service, due.severity, due.last_beat_at))
        assert store.incidents.missing_beats(at(62), limit=9) == []
        [taken] = send(store, heartbeats.beat("backup", at(90), minute, "postgres", Severity.HIGH))
        assert taken.result is Result.RESOLVED
        assert only(store).status is IncidentStatus.RESOLVED

    def test_a_late_replay_does_not_take_a_beat_back(self, store: SignalStore) -> None:
        minute = timedelta(seconds=60)
        for seconds in (100, 50):
            send(store, heartbeats.beat("backup", at(seconds), minute, "postgres", Severity.HIGH))
        assert [beat.due_at for beat in store.incidents.heartbeats()] == [at(160)]

    def test_a_heartbeat_is_forgotten_on_request(self, store: SignalStore) -> None:
        send(store, heartbeats.beat("backup", BEGIN, timedelta(seconds=60), "postgres", Severity.LOW))
        assert store.incidents.forget_heartbeat("backup")
        assert not store.incidents.forget_heartbeat("backup")
        assert store.incidents.heartbeats() == []
