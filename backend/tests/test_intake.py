"""Alerts come in by many doors: what each takes, what it says no to, and in whose words."""

import hashlib
import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from incidentops.domain.correlation import Result
from incidentops.domain.incidents import IncidentStatus
from incidentops.domain.severity import Severity
from incidentops.ports.incidents import AlertFilter, IncidentFilter
from incidentops_backend.http.ingest import alertmanager, pagerduty, plain, prometheus
from incidentops_backend.use_cases.incidents import intake as intake_module

ALERT = {
    "service": "billing",
    "severity": "high",
    "message": "HTTP 5xx error rate > 10%",
    "labels": {"env": "production"},
}
GROUP_ALERT = {
    "status": "firing",
    "labels": {"alertname": "HighLatency", "service": "redis", "severity": "page"},
    "annotations": {"summary": "redis is slow"},
    "startsAt": "2026-01-05T08:59:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus/graph",
    "fingerprint": "a1b2",
}
WEBHOOK = {"version": "4", "groupKey": "{}", "truncatedAlerts": 3, "receiver": "r", "alerts": [GROUP_ALERT]}
EVENT = {
    "routing_key": "any",
    "event_action": "trigger",
    "dedup_key": "disk",
    "payload": {"summary": "disk full on db-7", "source": "db-7", "severity": "error"},
}
CLOUD_EVENT = {"specversion": "1.0", "id": "1", "source": "lab", "type": "alert", "data": ALERT}
DOORS = {
    "/api/v1/alerts": ALERT,
    "/api/v2/alerts": [{"labels": GROUP_ALERT["labels"]}],
    "/api/v1/ingest/alertmanager": WEBHOOK,
    "/api/v1/ingest/grafana": WEBHOOK,
    "/v2/enqueue": EVENT,
    "/api/v1/ingest/cloudevents": CLOUD_EVENT,
}


def alerts(world):
    return world.store.incidents.alerts(AlertFilter(), limit=1000).items


def incidents(world):
    return world.store.incidents.incidents(IncidentFilter()).items


def post(world, path, body, **options):
    if path.endswith("cloudevents"):
        options.setdefault("content_type", "application/cloudevents+json")
    return world.client.post(path, json=body, **options)


@pytest.mark.parametrize(("path", "body"), DOORS.items())
def test_every_door_opens_an_incident(world, path, body):
    answer = post(world, path, body)
    assert answer.status_code in {200, 201, 202}
    [incident] = incidents(world)
    assert incident.status is IncidentStatus.OPEN
    assert incident.title


def test_an_alert_of_the_seed_is_answered_with_what_it_came_to(world):
    first, again = (world.client.post("/api/v1/alerts", json=ALERT) for _ in range(2))
    other = world.client.post("/api/v1/alerts", json=ALERT | {"message": "queue is full"})
    assert [answer.status_code for answer in (first, again, other)] == [201, 201, 201]
    results = [answer.get_json()["result"] for answer in (first, again, other)]
    assert results == ["new_incident", "deduplicated", "existing_incident"]
    assert len({answer.get_json()["incident_id"] for answer in (first, again, other)}) == 1
    found = world.client.get(f"/api/v1/alerts/{first.get_json()['alert_id']}").get_json()
    assert (found["service"], found["severity"], found["count"]) == ("billing", "high", 2)
    assert found["labels"] == {"env": "production"}


def test_messages_that_differ_in_numbers_are_one_alert(world):
    for percent in (11, 12.5):
        world.client.post("/api/v1/alerts", json=ALERT | {"message": f"error rate is {percent}%"})
    [alert] = alerts(world)
    assert (alert.count, alert.summary) == (2, "error rate is 12.5%")


def test_a_key_makes_a_repeated_request_harmless(world):
    for _ in range(2):
        world.client.post("/api/v1/alerts", json=ALERT, headers={"Idempotency-Key": "once"})
    assert [alert.count for alert in alerts(world)] == [1]


def test_a_key_that_is_too_long_or_empty_is_refused_and_nothing_is_taken(world):
    for key in ("", "k" * 201):
        answer = world.client.post("/api/v1/alerts", json=ALERT, headers={"Idempotency-Key": key})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.get_json()["errors"]] == ["Idempotency-Key"]
    assert alerts(world) == ()


def test_an_alert_ends_by_its_own_word(world):
    world.client.post("/api/v1/alerts", json=ALERT)
    world.clock.advance(90)
    answer = world.client.post("/api/v1/alerts", json=ALERT | {"status": "resolved"}).get_json()
    assert answer["result"] == "resolved"
    assert incidents(world)[0].mttr_seconds == 90


def test_while_postgres_is_away_alerts_are_accepted_and_stored_later_in_order(world):
    with world.store.away():
        sent = [world.client.post("/api/v1/alerts", json=ALERT) for _ in range(2)]
        assert [answer.status_code for answer in sent] == [202, 202]
        assert sent[0].get_json() == {
            "status": "accepted",
            "result": None,
            "alert_id": None,
            "incident_id": None,
        }
        assert world.client.get("/api/v1/alerts").status_code == 503
    assert world.records.wait_until_replayed(60)
    assert [alert.count for alert in alerts(world)] == [2]


def test_when_neither_database_nor_disk_takes_it_the_sender_is_told_to_come_back(world):
    with world.store.away(), world.records.disk_full():
        answer = world.client.post("/api/v1/alerts", json=ALERT)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert alerts(world) == ()


def test_what_cannot_be_stored_is_told_in_the_words_of_each_format(world):
    event = {"routing_key": "k", "event_action": "resolve", "dedup_key": "billing"}
    with world.store.away(), world.records.disk_full():
        pagerduty = world.client.post("/v2/enqueue", json=event)
        prometheus = world.client.post("/api/v2/alerts", json=[{"labels": {"alertname": "HighLatency"}}])
    for answer in (pagerduty, prometheus):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert pagerduty.get_json()["status"] == "unavailable"
    assert "not available" in pagerduty.get_json()["errors"][0]
    assert "not available" in prometheus.get_json()


def test_above_capacity_the_sender_is_told_to_come_back(world, monkeypatch):
    monkeypatch.setattr(intake_module, "CAPACITY", 10)
    going, go = threading.Event(), threading.Event()
    save = world.records.save_signals

    def slow(batch):
        going.set()
        go.wait(30)
        save(batch)

    monkeypatch.setattr(world.records, "save_signals", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(world.client.post, "/api/v1/alerts", json=ALERT)
        assert going.wait(10)
        many = [{"labels": {"alertname": str(n)}} for n in range(10)]
        refused = world.client.post("/api/v2/alerts", json=many)
        go.set()
        assert first.result().status_code == 201
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert len(alerts(world)) == 1


def test_many_senders_are_stored_together_and_each_gets_its_own_answer(world):
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(
                lambda n: world.client.post("/api/v1/alerts", json=ALERT | {"dedup_key": f"k{n}"}).get_json(),
                range(200),
            )
        )
    by_id = {str(alert.id): alert.dedup_key for alert in alerts(world)}
    assert [by_id[answer["alert_id"]] for answer in answers] == [f"k{n}" for n in range(200)]
    assert len(incidents(world)) == 1


# -- Alertmanager and Grafana --------------------------------------------------------------------------------


def test_a_webhook_says_for_each_alert_whether_it_fires(world):
    other = GROUP_ALERT | {"fingerprint": "c3", "status": "resolved"}
    post(world, "/api/v1/ingest/alertmanager", WEBHOOK)
    world.clock.advance(60)
    post(world, "/api/v1/ingest/alertmanager", WEBHOOK | {"alerts": [other]})
    [alert] = alerts(world)
    assert (alert.dedup_key, alert.firing, alert.severity) == ("a1b2", True, Severity.CRITICAL)
    assert alert.started_at.isoformat() == "2026-01-05T08:59:00+00:00"
    assert alert.annotations["generatorURL"] == "http://prometheus/graph"
    ended = GROUP_ALERT | {"status": "resolved"}
    assert post(world, "/api/v1/ingest/alertmanager", WEBHOOK | {"alerts": [ended]}).get_json() == {
        "accepted": 1,
        "waiting": False,
    }
    assert not alerts(world)[0].firing


@pytest.mark.parametrize("timed", [False, True])
def test_a_signed_webhook_of_grafana_is_checked(keyed_world, timed):
    body = json.dumps(WEBHOOK).encode()
    stamp = {alertmanager.SIGNED_AT: "1760000000"} if timed else {}
    signed = b"1760000000:" + body if timed else body
    mark = hmac.new(b"grafana-secret", signed, hashlib.sha256).hexdigest()
    for signature, status in ((mark, 200), ("0" * 64, 401)):
        headers = {alertmanager.SIGNATURE: signature, **stamp}
        answer = keyed_world.client.post(
            "/api/v1/ingest/grafana", data=body, headers=headers, content_type="application/json"
        )
        assert answer.status_code == status


# -- Prometheus ----------------------------------------------------------------------------------------------


def test_what_prometheus_sends_is_a_lease(world):
    until = (world.clock.now() + timedelta(minutes=4)).isoformat()
    post(world, "/api/v2/alerts", [{"labels": GROUP_ALERT["labels"], "endsAt": until}])
    world.clock.advance(200)
    world.backend.incidents.timers.sweep()
    assert alerts(world)[0].firing
    world.clock.advance(60)
    world.backend.incidents.timers.sweep()
    assert not alerts(world)[0].firing
    assert incidents(world)[0].resolved


def test_prometheus_ends_an_alert_by_an_end_in_the_past(world):
    post(world, "/api/v2/alerts", [{"labels": GROUP_ALERT["labels"]}])
    past = (world.clock.now() - timedelta(seconds=1)).isoformat()
    post(world, "/api/v2/alerts", [{"labels": GROUP_ALERT["labels"], "endsAt": past}])
    assert not alerts(world)[0].firing


def test_the_valid_alerts_of_a_list_are_stored_though_others_are_not(world):
    wrong = [{"labels": {}}, {"labels": {"a": 1}}, 7, {"labels": {"a": "b"}, "startsAt": "yesterday"}]
    answer = post(world, "/api/v2/alerts", [{"labels": GROUP_ALERT["labels"]}, *wrong])
    assert answer.status_code == 400
    assert all(f"[{place}]" in answer.get_json() for place in (1, 2, 3, 4))
    assert len(alerts(world)) == 1


def test_what_amtool_reads_is_told(world):
    post(world, "/api/v2/alerts", [{"labels": GROUP_ALERT["labels"]}, {"labels": {"alertname": "Other"}}])
    client = world.client
    assert client.get("/api/v2/status").get_json()["cluster"]["status"] == "disabled"
    assert client.get("/api/v2/receivers").get_json() == [{"name": "incidentops"}]
    query = {"filter": ['service=~"red.*"', 'alertname!="Other"']}
    [found] = client.get("/api/v2/alerts", query_string=query).get_json()
    assert found["labels"]["service"] == "redis"
    assert found["status"]["state"] == "active"
    groups = client.get("/api/v2/alerts/groups").get_json()
    assert sorted(len(group["alerts"]) for group in groups) == [1, 1]
    assert client.get("/api/v2/alerts?filter=%21%21").status_code == 400
    assert client.get("/api/v2/alerts", query_string={"filter": 'service=~"(red"'}).status_code == 400


# -- PagerDuty -----------------------------------------------------------------------------------------------


def test_an_event_is_triggered_acknowledged_and_resolved(world):
    for action, status in (
        ("trigger", IncidentStatus.OPEN),
        ("acknowledge", IncidentStatus.ACKNOWLEDGED),
        ("resolve", IncidentStatus.RESOLVED),
    ):
        body = EVENT if action == "trigger" else {**EVENT, "event_action": action, "payload": None}
        answer = post(world, "/v2/enqueue", body)
        assert answer.status_code == 202
        assert answer.get_json() == {"status": "success", "message": "Event processed", "dedup_key": "disk"}
        assert incidents(world)[0].status is status
    late = post(world, "/v2/enqueue", {**EVENT, "event_action": "acknowledge"})
    assert late.status_code == 202
    assert len(alerts(world)) == 1


def test_an_event_without_a_key_gets_one_of_its_own(world):
    body = {key: value for key, value in EVENT.items() if key != "dedup_key"}
    keys = {post(world, "/v2/enqueue", body).get_json()["dedup_key"] for _ in range(2)}
    assert len(keys) == 2
    assert {alert.dedup_key for alert in alerts(world)} == keys


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"event_action": "explode"}, "event_action"),
        ({"payload": None}, "payload"),
        ({"event_action": "resolve", "dedup_key": None}, "dedup_key"),
        ({"payload": {"summary": "", "source": "", "severity": "bad"}}, "payload.severity"),
        ({"dedup_key": "x" * 256}, "dedup_key"),
    ],
)
def test_a_wrong_event_is_refused_in_pagerdutys_words(world, change, named):
    answer = post(world, "/v2/enqueue", EVENT | change)
    document = answer.get_json()
    assert (answer.status_code, document["status"]) == (400, "invalid event")
    assert any(named in error for error in document["errors"])


# -- CloudEvents ---------------------------------------------------------------------------------------------


def test_source_and_id_of_an_event_are_its_key(world):
    for _ in range(2):
        post(world, "/api/v1/ingest/cloudevents", CLOUD_EVENT)
    post(world, "/api/v1/ingest/cloudevents", CLOUD_EVENT | {"id": "2"})
    assert [alert.count for alert in alerts(world)] == [2]


def test_events_come_in_batches_and_in_headers(world):
    batch = [CLOUD_EVENT, CLOUD_EVENT | {"id": "2", "data": ALERT | {"service": "redis"}}]
    options = {"content_type": "application/cloudevents-batch+json"}
    assert post(world, "/api/v1/ingest/cloudevents", batch, **options).get_json()["accepted"] == 2
    headers = {f"ce-{key}": value for key, value in CLOUD_EVENT.items() if key != "data"} | {"ce-id": "3"}
    answer = world.client.post("/api/v1/ingest/cloudevents", json=ALERT, headers=headers)
    assert answer.status_code == 200
    assert world.client.post("/api/v1/ingest/cloudevents", json=ALERT).status_code == 422


# -- Heartbeats ----------------------------------------------------------------------------------------------


def test_a_beat_that_stays_out_is_an_alert_until_it_returns(world):
    beat = "/api/v1/heartbeats/backup?interval_seconds=60&service=postgres&severity=critical"
    assert world.client.post(beat).status_code == 200
    sweep = world.backend.incidents.timers.sweep
    sweep()
    assert alerts(world) == ()
    world.clock.advance(61)
    sweep()
    sweep()
    [alert] = alerts(world)
    assert (alert.service, alert.severity, alert.count) == ("postgres", Severity.CRITICAL, 1)
    world.client.post(beat)
    assert not alerts(world)[0].firing


def test_heartbeats_are_listed_and_forgotten(world):
    world.client.post("/api/v1/heartbeats/backup")
    [beat] = world.client.get("/api/v1/heartbeats").get_json()["items"]
    assert (beat["name"], beat["service"]) == ("backup", "backup")
    assert world.client.delete("/api/v1/heartbeats/backup").status_code == 200
    assert world.client.delete("/api/v1/heartbeats/backup").status_code == 404
    assert world.client.post("/api/v1/heartbeats/a%20b").status_code == 422


# -- Bad input and keys --------------------------------------------------------------------------------------


NONSENSE = [
    b"",
    b"{",
    b"\xff\xfe",
    b"null",
    b'"text"',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"alerts": {"a": "b"}}',
    b'{"service": "a\\u0000b", "severity": "high", "message": "x"}',
    b'[{"labels": {"alertname": "a\\u0000b"}}]',
    b'{"alerts": [{"status": "firing", "labels": {"a": "\\ud800"}}]}',
]


@pytest.mark.parametrize("path", DOORS)
def test_nonsense_is_refused_counted_and_never_half_stored(world, path):
    kind = "application/cloudevents+json" if path.endswith("cloudevents") else "application/json"
    for body in NONSENSE:
        answer = world.client.post(path, data=body, content_type=kind)
        assert 400 <= answer.status_code < 500, body[:50]
    assert alerts(world) == ()
    text = world.client.get("/metrics").get_data(as_text=True)
    counts = [
        float(line.split()[-1]) for line in text.splitlines() if line.startswith("alerts_rejected_total{")
    ]
    assert sum(counts) == len(NONSENSE)


@pytest.mark.parametrize("path", DOORS)
def test_another_media_type_is_refused(world, path):
    assert world.client.post(path, data=b"{}", content_type="text/plain").status_code == 415
    packed = world.client.post(path, json={}, headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 415


@pytest.mark.parametrize(
    ("path", "cap"),
    [
        ("/api/v1/alerts", plain.MAX_BYTES),
        ("/v2/enqueue", pagerduty.MAX_BYTES),
        ("/api/v2/alerts", prometheus.MAX_BYTES),
        ("/api/v1/ingest/alertmanager", alertmanager.MAX_BYTES),
    ],
)
def test_a_body_over_the_cap_is_refused(world, path, cap):
    answer = world.client.post(path, data=b" " * (cap + 1), content_type="application/json")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"severity": "terrible"}, "severity"),
        ({"message": ""}, "message"),
        ({"labels": {f"label{n}": "x" for n in range(65)}}, "labels"),
        ({"labels": {"long": "x" * 4097}}, "labels.long"),
        ({"labels": {f"label{n}": "x" * 4000 for n in range(5)}}, "labels"),
        ({"timestamp": "2026-01-05T09:00:00"}, "timestamp"),
        ({"timestamp": "2027-01-05T09:00:00Z"}, "time"),
        ({"surprise": 1}, "surprise"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_bad_field_of_an_alert_is_named(world, change, field):
    answer = world.client.post("/api/v1/alerts", json=ALERT | change)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.get_json()["errors"]}
    assert alerts(world) == ()


def test_all_bad_fields_are_named_at_once(world):
    answer = world.client.post("/api/v1/alerts", json={"severity": "x", "labels": 7})
    fields = {error["field"] for error in answer.get_json()["errors"]}
    assert fields == {"service", "severity", "message", "labels"}


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("api", "/api/v1/alerts"),
        ("prometheus", "/api/v2/alerts"),
        ("alertmanager", "/api/v1/ingest/alertmanager"),
        ("grafana", "/api/v1/ingest/grafana"),
        ("cloudevents", "/api/v1/ingest/cloudevents"),
    ],
)
def test_with_keys_set_only_who_shows_one_may_send(keyed_world, source, path):
    key = f"{source}-secret"
    for headers, query, accepted in (
        ({}, "", False),
        ({"Authorization": "Bearer wrong"}, "", False),
        ({"Authorization": f"Bearer {key}"}, "", True),
        ({"X-Api-Key": key}, "", True),
        ({}, f"?key={key}", True),
    ):
        answer = post(keyed_world, path + query, DOORS[path], headers=headers)
        assert (answer.status_code != 401) is accepted


def test_pagerdutys_routing_key_is_the_key(keyed_world):
    assert post(keyed_world, "/v2/enqueue", EVENT).status_code == 400
    assert post(keyed_world, "/v2/enqueue", EVENT | {"routing_key": "pagerduty-secret"}).status_code == 202


def test_an_alert_counts_for_its_own_service_and_only_when_it_fires(world):
    rules = "rules: [{name: everything, group_by: []}]"
    assert world.client.put("/api/v1/correlation/rules", data=rules).status_code == 200
    for service in ("redis", "billing"):
        world.client.post("/api/v1/alerts", json=ALERT | {"service": service})
    world.client.post("/api/v1/alerts", json=ALERT | {"status": "resolved"})
    world.client.post("/api/v1/heartbeats/backup?severity=low")
    post(world, "/v2/enqueue", {**EVENT, "event_action": "resolve"})
    text = world.client.get("/metrics").get_data(as_text=True)
    for line in (
        'alerts_by_service_total{service="redis"} 1.0',
        'alerts_by_service_total{service="billing"} 1.0',
        'alerts_received_total{severity="high"} 2.0',
        'alerts_received_total{severity="medium"} 0.0',
        'alerts_received_total{severity="low"} 0.0',
    ):
        assert line in text


def test_results_and_severities_are_counted(world):
    for severity in ("high", "high", "low"):
        world.client.post("/api/v1/alerts", json=ALERT | {"severity": severity, "dedup_key": severity})
    text = world.client.get("/metrics").get_data(as_text=True)
    for line in (
        'alerts_received_total{severity="high"} 2.0',
        f'alerts_correlated_total{{result="{Result.DEDUPLICATED}"}} 1.0',
        f'alerts_correlated_total{{result="{Result.NEW_INCIDENT}"}} 2.0',
        'incidents_created_total{severity="low"} 1.0',
        'alerts_by_service_total{service="billing"} 2.0',
        "alert_processing_seconds_count 3.0",
    ):
        assert line in text
