"""Incidents over HTTP: the status machine, lists, merging, numbers, the queue of seed 000, and our own probes."""

import pytest

from incidentops.domain.incidents import IncidentStatus
from incidentops.ports.incidents import IncidentFilter

NEW = {"title": "Latency spike detected", "service": "billing", "severity": "high"}


def opened(world, **fields):
    return world.client.post("/api/v1/incidents", json=NEW | fields).get_json()


def patch(world, incident, **fields):
    return world.client.patch(f"/api/v1/incidents/{incident['id']}", json=fields)


def incidents(world):
    return world.store.incidents.incidents(IncidentFilter()).items


def test_an_incident_goes_from_open_to_resolved_and_its_times_are_known(world):
    incident = opened(world)
    assert (incident["status"], incident["number"]) == ("open", 1)
    for seconds, status in ((30, "acknowledged"), (30, "in_progress"), (60, "resolved")):
        world.clock.advance(seconds)
        answer = patch(world, incident, status=status, notes=f"now {status}")
        assert (answer.status_code, answer.get_json()["status"]) == (200, status)
    metrics = world.client.get(f"/api/v1/incidents/{incident['number']}/metrics").get_json()
    assert (metrics["mtta_seconds"], metrics["mttr_seconds"]) == (30.0, 120.0)
    detail = world.client.get(f"/api/v1/incidents/{incident['id']}").get_json()
    assert [note["text"] for note in detail["notes"]] == [
        "now acknowledged",
        "now in_progress",
        "now resolved",
    ]
    assert [line["kind"] for line in detail["timeline"]][:2] == ["created", "note"]


@pytest.mark.parametrize(
    ("steps", "wrong", "legal"),
    [
        ([], "in_progress", ["acknowledged", "resolved"]),
        (["acknowledged"], "open", ["in_progress", "resolved"]),
        (["acknowledged", "in_progress"], "acknowledged", ["resolved"]),
        (["resolved"], "open", []),
    ],
)
def test_an_illegal_step_is_a_conflict_that_names_the_legal_ones(world, steps, wrong, legal):
    incident = opened(world)
    for step in steps:
        patch(world, incident, status=step)
    answer = patch(world, incident, status=wrong)
    assert (answer.status_code, answer.get_json()["legal"]) == (409, legal)


def test_pressing_the_key_twice_is_no_conflict(world):
    incident = opened(world)
    assert [patch(world, incident, status="acknowledged").status_code for _ in range(2)] == [200, 200]
    detail = world.client.get(f"/api/v1/incidents/{incident['id']}").get_json()
    assert [line["kind"] for line in detail["timeline"]] == ["created", "status"]


def test_an_incident_resolved_lately_is_reopened_as_a_new_one_that_pages_again(world):
    first = opened(world, team="data")
    patch(world, first, status="resolved")
    again = [world.client.post(f"/api/v1/incidents/{first['number']}/reopen") for _ in range(2)]
    assert [answer.status_code for answer in again] == [201, 201]
    second, same = (answer.get_json() for answer in again)
    assert (second["reopened_from"], second["status"], second["team"]) == (first["id"], "open", "data")
    assert same["id"] == second["id"]
    pending = world.store.escalations.changed(limit=10)
    assert second["number"] in [item.incident.number for item in pending]


def test_what_cannot_be_reopened_says_why(world):
    incident = opened(world)
    address = f"/api/v1/incidents/{incident['id']}/reopen"
    assert "is not resolved" in world.client.post(address).get_json()["detail"]
    resolved = patch(world, incident, status="resolved").get_json()
    world.clock.advance(601)
    assert resolved["reopen_until"] < world.clock.now().isoformat()
    answer = world.client.post(address)
    assert (answer.status_code, "too long ago" in answer.get_json()["detail"]) == (409, True)
    assert world.client.post("/api/v1/incidents/77/reopen").status_code == 404


def test_severity_assignee_and_team_are_edited(world):
    incident = opened(world)
    after = patch(world, incident, severity="critical", assignee="alice", team="data").get_json()
    assert (after["severity"], after["assignee"], after["team"]) == ("critical", "alice", "data")
    assert patch(world, incident, assignee="").get_json()["assignee"] is None
    assigned = world.backend.incidents.desk.assign(
        incidents(world)[0].id, "oncall", "alice", ["alice", "bob"]
    )
    assert (assigned.assignee, assigned.responders) == ("alice", ("alice", "bob"))


def test_phases_are_ticked_by_whoever_did_them(world):
    incident = opened(world)
    world.clock.advance(30)
    assert patch(world, incident, checklist={"triage": True}, responders=["bob", "bob"]).status_code == 200
    detail = world.client.get(f"/api/v1/incidents/{incident['id']}").get_json()
    assert [(item["phase"], item["done_by"]) for item in detail["checklist"]] == [
        ("detect", "incidentops"),
        ("triage", "operator"),
        ("communicate", None),
        ("mitigate", None),
        ("resolve", None),
        ("review", None),
    ]
    assert detail["checklist"][1]["meaning"] == "Assess severity and impact"
    assert detail["responders"] == ["bob"]
    assert patch(world, incident, checklist={"detect": False}).status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"severity": 1}, "severity"),
        ({"notes": "a\x00b"}, "notes"),
        ({"owner": "x"}, "owner"),
        ({"checklist": {"panic": True}}, "checklist.panic.[key]"),
        ({"responders": [""]}, "responders.0"),
    ],
)
def test_a_bad_edit_names_the_field(world, body, field):
    answer = world.client.patch(f"/api/v1/incidents/{opened(world)['id']}", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


@pytest.mark.parametrize(
    "reference", ["7", "nonsense", "0", "9" * 30, "00000000-0000-0000-0000-000000000001"]
)
def test_an_unknown_incident_is_not_found(world, reference):
    for answer in (
        world.client.get(f"/api/v1/incidents/{reference}"),
        world.client.patch(f"/api/v1/incidents/{reference}", json={"notes": "?"}),
    ):
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"


def test_a_repeated_request_with_a_key_opens_one_incident(world):
    answers = [
        world.client.post("/api/v1/incidents", json=NEW, headers={"Idempotency-Key": "once"})
        for _ in range(2)
    ]
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert len(incidents(world)) == 1


def test_lists_are_filtered_and_paged(world):
    for service in ("redis", "postgres", "billing"):
        opened(world, service=service)
    patch(world, opened(world, service="rabbitmq"), status="resolved")
    get = lambda query: world.client.get("/api/v1/incidents", query_string=query).get_json()  # noqa: E731
    assert [item["service"] for item in get({"status": ["resolved"]})["items"]] == ["rabbitmq"]
    assert len(get({"status": ["open", "resolved"]})["items"]) == 4
    assert [item["number"] for item in get({"service": "redis"})["items"]] == [1]
    first = get({"limit": 3})
    second = get({"limit": 3, "cursor": first["next_cursor"]})
    assert [item["number"] for item in first["items"] + second["items"]] == [4, 3, 2, 1]
    assert second["next_cursor"] is None
    assert world.client.get("/api/v1/incidents?cursor=x&").status_code == 422
    assert world.client.get("/api/v1/incidents?since=2026-01-01T00:00:00").status_code == 422


def test_one_incident_is_merged_into_another(world):
    child, root = opened(world, severity="critical"), opened(world, service="redis")
    path = f"/api/v1/incidents/{child['number']}/merge"
    answer = world.client.post(path, json={"into": str(root["number"])})
    assert (answer.status_code, answer.get_json()["severity"]) == (200, "critical")
    detail = world.client.get(f"/api/v1/incidents/{root['id']}").get_json()
    assert [item["number"] for item in detail["merged"]] == [child["number"]]
    assert world.client.post(path, json={"into": str(root["number"])}).status_code == 409


def test_statistics_tell_the_period(world):
    incident = opened(world)
    world.clock.advance(60)
    patch(world, incident, status="resolved")
    numbers = world.client.get("/api/v1/incidents/stats/summary").get_json()
    assert (numbers["incidents"], numbers["mtta_seconds"], numbers["mttr_seconds"]) == (1, 60.0, 60.0)
    assert numbers["by_severity"] == {"high": 1}
    backwards = "/api/v1/incidents/stats/summary?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z"
    assert world.client.get(backwards).status_code == 422


def test_edits_wait_for_nobody_when_postgres_is_away(world):
    incident = opened(world)
    with world.store.away():
        answer = patch(world, incident, status="resolved")
        assert (answer.status_code, answer.get_json()["missing"]) == (503, "postgres")


def test_the_queue_of_seed_000_answers_in_its_words(world):
    created = world.client.post("/incidents", json=NEW)
    assert created.status_code == 201
    incident_id = created.get_json()["incident_id"]
    [queued] = world.client.get("/incidents").get_json()
    assert (queued["incident_id"], queued["status"], queued["title"]) == (incident_id, "queued", NEW["title"])
    patch(world, {"id": incident_id}, status="resolved")
    assert [item["status"] for item in world.client.get("/incidents").get_json()] == ["resolved"]


def test_rules_are_stored_with_a_version_and_apply(world):
    shipped = world.client.get("/api/v1/correlation/rules").get_json()
    assert (shipped["version"], shipped["rules"]) == (0, ["dependency-outage"])
    text = "rules:\n  - name: lab\n    match: {labels.env: lab}\n    group_by: []\n"
    stored = world.client.put("/api/v1/correlation/rules", data=text)
    assert (stored.status_code, stored.get_json()["version"]) == (200, 1)
    assert world.client.put("/api/v1/correlation/rules?version=0", data=text).status_code == 409
    for service in ("redis", "postgres"):
        alert = {"service": service, "severity": "high", "message": "x", "labels": {"env": "lab"}}
        world.client.post("/api/v1/alerts", json=alert)
    assert len(incidents(world)) == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rules: [", "not YAML"),
        ("[]", "list `rules`"),
        ("rules: [{name: default}]", "rules[0].name"),
        ("rules: [{name: a, group_by: [colour]}, {name: a}]", "colour"),
        ("rules: [{name: a, match: {service: 7}, window_seconds: -1, surprise: 1}]", "window_seconds"),
        ("!!python/object/apply:os.system ['true']", "not YAML"),
    ],
)
def test_rules_that_cannot_be_read_are_refused_with_everything_that_is_wrong(world, text, named):
    answer = world.client.put("/api/v1/correlation/rules", data=text)
    assert answer.status_code == 422
    assert named in answer.get_json()["detail"]
    assert world.client.get("/api/v1/correlation/rules").get_json()["version"] == 0


def test_stored_alerts_are_replayed_against_other_rules_and_nothing_is_stored(world):
    for service in ("redis", "postgres"):
        alert = {"service": service, "severity": "high", "message": "x", "labels": {"env": "lab"}}
        world.client.post("/api/v1/alerts", json=alert)
    answer = world.client.post(
        "/api/v1/correlation/replay?since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z",
        data="rules: [{name: lab, match: {labels.env: lab}, group_by: []}]",
    ).get_json()
    assert (answer["alerts"], answer["incidents_now"], answer["incidents_then"]) == (2, 2, 1)
    assert answer["only_then"] == [{"service": "redis", "alerts": 2}]
    assert len(incidents(world)) == 2


# -- our own probes ------------------------------------------------------------------------------------------


def probe(world, seconds=0.0):
    world.clock.advance(seconds)
    world.see()
    world.backend.incidents.own_probes.sample()


def test_a_service_that_goes_down_is_an_incident_and_its_return_ends_it(world):
    redis = world.add("redis")
    probe(world)
    world.engine.die(redis.id)
    probe(world)
    assert incidents(world) == ()
    probe(world, 3)
    probe(world, 3)
    [incident] = incidents(world)
    assert (incident.title, incident.service, incident.alerts) == ("Service redis is down", "redis", 1)
    world.engine.start(redis.id)
    probe(world, 3)
    assert incidents(world)[0].status is IncidentStatus.RESOLVED


def test_what_an_operator_stopped_on_purpose_is_no_incident(world):
    world.add("redis")
    world.client.post("/stop/redis")
    probe(world, 3)
    probe(world, 3)
    assert incidents(world) == ()


def test_a_label_says_how_bad_an_outage_is_or_that_it_is_none(world):
    loud = world.add("postgres", labels={"incidentops.alert": "critical"})
    quiet = world.add("billing", labels={"incidentops.alert": "off"})
    for container in (loud, quiet):
        world.engine.die(container.id)
    probe(world)
    probe(world, 3)
    assert [(item.service, item.severity) for item in incidents(world)] == [("postgres", "critical")]


def test_what_stands_on_a_service_that_is_down_is_part_of_its_incident(world):
    postgres = world.add("postgres")
    billing = world.add("billing", labels={"incidentops.depends_on": "postgres"})
    world.engine.die(billing.id)
    probe(world)
    probe(world, 3)
    world.engine.die(postgres.id)
    probe(world)
    probe(world, 3)
    open_ones = [item for item in incidents(world) if not item.resolved]
    assert [(item.service, item.alerts) for item in open_ones] == [("postgres", 2)]


def test_an_outage_that_ended_while_we_were_away_is_closed(world):
    redis = world.add("redis")
    world.engine.die(redis.id)
    probe(world)
    probe(world, 3)
    world.engine.start(redis.id)
    world.see()
    successor = type(world)(world.clock, world)
    probe(successor)
    assert incidents(world)[0].resolved


def test_an_outage_that_could_not_be_stored_is_tried_again(world):
    redis = world.add("redis")
    world.engine.die(redis.id)
    probe(world)
    with world.store.away(), world.records.disk_full():
        probe(world, 3)
    assert incidents(world) == ()
    probe(world)
    assert len(incidents(world)) == 1


def test_pages_are_told_which_incidents_changed(world):
    told = []
    world.backend.socket.topics.changed = lambda topic, ids: told.append((topic, list(ids)))
    incident = opened(world)
    assert told == [("incidents", [incident["id"]])]
