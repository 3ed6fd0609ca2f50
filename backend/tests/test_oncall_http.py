"""Teams, users, schedules, policies, notifications and maintenance over HTTP, on the twins."""

from datetime import timedelta

import pytest

from backend.tests.conftest import World
from incidentops.domain.oncall.people import User
from incidentops.domain.severity import Severity
from incidentops.ports.outbox import ToldFilter
from incidentops.testing.escalations import an_incident

ANY = ToldFilter()
SECRET_HOOK = "https://hooks.example/T0/s3cret"
ALICE = {"name": "alice", "full_name": "Alice", "methods": [{"channel": "webhook", "target": SECRET_HOOK}]}
BOB = {"name": "bob", "methods": [{"channel": "log"}]}
PRIMARY = {
    "name": "primary",
    "team": "operations",
    "zone": "Europe/Berlin",
    "layers": [{"name": "week", "rotation": {"users": ["alice", "bob"], "starts_on": "2026-01-05"}}],
}
POLICY = {
    "name": "default",
    "steps": [{"targets": [{"kind": "schedule", "name": "primary"}], "wait_seconds": 300}],
    "ack_timeout_seconds": 600,
}
TEAM = {"name": "operations", "members": ["alice", "bob"], "policies": {"high": "default"}}


def send(world: World, verb: str, path: str, body: object = None):
    return world.client.open(path, method=verb, json=body)


@pytest.fixture
def staffed(world: World) -> World:
    for path, body in (
        ("users", ALICE),
        ("users", BOB),
        ("schedules", PRIMARY),
        ("escalation-policies", POLICY),
        ("teams", TEAM),
    ):
        answer = send(world, "POST", f"/api/v1/{path}", body)
        assert answer.status_code == 200, answer.get_json()
    return world


def test_what_was_saved_is_answered_with_its_revision(staffed: World):
    shown = send(staffed, "GET", "/api/v1/escalation-policies/default").get_json()
    assert {key: shown[key] for key in ("steps", "ack_timeout_seconds", "revision", "changed_by")} == {
        "steps": POLICY["steps"],
        "ack_timeout_seconds": 600,
        "revision": 1,
        "changed_by": "operator",
    }
    names = [item["name"] for item in send(staffed, "GET", "/api/v1/users").get_json()["items"]]
    assert names == ["alice", "bob"]


def test_secrets_of_contact_methods_are_never_shown_and_survive_being_sent_back(staffed: World):
    answer = send(staffed, "GET", "/api/v1/users/alice")
    assert "s3cret" not in answer.get_data(as_text=True)
    shown = answer.get_json()
    assert shown["methods"][0]["target"] == "https://hooks.example/…"
    changed = {key: shown[key] for key in ("name", "methods")} | {"role": "engineer"}
    assert send(staffed, "PUT", "/api/v1/users/alice", changed).status_code == 200
    kept = staffed.store.directory.find(User, "alice")
    assert kept is not None
    assert (kept.entry.methods[0].target, kept.entry.role) == (SECRET_HOOK, "engineer")


def test_a_change_from_an_old_revision_is_refused(staffed: World):
    assert send(staffed, "PUT", "/api/v1/users/bob?revision=1", BOB).status_code == 200
    answer = send(staffed, "PUT", "/api/v1/users/bob?revision=1", BOB)
    assert answer.status_code == 409
    assert "revision 2" in answer.get_json()["detail"]
    assert answer.get_json()["type"].endswith(":entry-changed")


def test_a_name_that_is_taken_is_refused_at_its_field(staffed: World):
    answer = send(staffed, "POST", "/api/v1/users", BOB)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (409, "name")


def test_names_that_do_not_exist_are_refused_all_at_once(staffed: World):
    team = TEAM | {"name": "payments", "members": ["ghost"], "policies": {"low": "nothing"}}
    answer = send(staffed, "POST", "/api/v1/teams", team)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == ["policy", "user"]


def test_what_has_moved_on_is_not_removed(staffed: World):
    send(staffed, "POST", "/api/v1/users", ALICE | {"name": "carol"})
    send(staffed, "PUT", "/api/v1/users/carol", ALICE | {"name": "carol", "role": "manager"})
    refused = send(staffed, "DELETE", "/api/v1/users/carol?revision=1")
    assert (refused.status_code, refused.get_json()["revision"]) == (409, 2)
    assert refused.get_json()["type"].endswith(":entry-changed")
    assert send(staffed, "DELETE", "/api/v1/users/carol?revision=2").status_code == 200


def test_what_others_name_cannot_be_removed(staffed: World):
    answer = send(staffed, "DELETE", "/api/v1/schedules/primary")
    assert (answer.status_code, answer.get_json()["named_by"]) == (409, ["default"])
    send(staffed, "DELETE", "/api/v1/teams/operations")
    send(staffed, "DELETE", "/api/v1/escalation-policies/default")
    assert send(staffed, "DELETE", "/api/v1/schedules/primary").status_code == 200
    assert send(staffed, "GET", "/api/v1/schedules/primary").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("users", ALICE | {"zone": "Mars/Base"}, "zone"),
        ("users", ALICE | {"name": "Alice Liddell"}, "name"),
        ("users", ALICE | {"methods": [{"channel": "email", "target": "nowhere"}]}, "methods.0.target"),
        (
            "users",
            ALICE | {"methods": [{"channel": "slack", "target": "file:///etc/passwd"}]},
            "methods.0.target",
        ),
        ("users", ALICE | {"methods": [{"channel": "ntfy"}]}, "methods.0.target"),
        ("schedules", PRIMARY | {"layers": []}, "layers"),
        ("escalation-policies", POLICY | {"steps": []}, "steps"),
        (
            "silences",
            {"name": "s", "matchers": [{"name": "a", "value": "(a+", "regex": True}]},
            "matchers.0",
        ),
        (
            "maintenance-windows",
            {"name": "w", "start": "2026-01-05T10:00:00", "end": "2026-01-05T09:00:00"},
            "body",
        ),
        (
            "maintenance-windows",
            {"name": "w", "start": "2026-01-05T10:00:00", "end": "2026-01-05T11:00:00", "last": "2026-01-06"},
            "body",
        ),
    ],
)
def test_bad_fields_are_named(world: World, path: str, body: object, field: str):
    answer = send(world, "POST", f"/api/v1/{path}", body)
    assert answer.status_code == 422
    assert field in {error["field"] for error in answer.get_json()["errors"]}


def test_who_is_on_call_now_and_until_when(staffed: World):
    current = send(staffed, "GET", "/api/v1/oncall/current?team=operations").get_json()
    assert current["primary"] == "alice"
    (shift,) = current["on_call"]
    assert (shift["schedule"], shift["full_name"], shift["until"]) == (
        "primary",
        "Alice",
        "2026-01-12T08:00:00Z",
    )
    unknown = send(staffed, "GET", "/api/v1/oncall/current?team=nobody")
    assert (unknown.status_code, unknown.get_json()["known"]) == (404, ["operations"])


def test_an_override_stands_and_can_be_taken_back(staffed: World):
    override = {"user": "bob", "start": "2026-01-05T08:00:00Z", "end": "2026-01-06T08:00:00Z"}
    assert send(staffed, "POST", "/api/v1/schedules/primary/overrides", override).status_code == 200
    assert send(staffed, "GET", "/api/v1/oncall/current").get_json()["primary"] == "bob"
    path = "/api/v1/schedules/primary/overrides?user=bob&start=2026-01-05T08:00:00Z"
    assert send(staffed, "DELETE", path).status_code == 200
    assert send(staffed, "GET", "/api/v1/oncall/current").get_json()["primary"] == "alice"


def test_gaps_are_shown_before_a_schedule_is_saved(staffed: World):
    hours = {"start": "09:00", "end": "17:00", "weekdays": [0, 1, 2, 3, 4]}
    layer = PRIMARY["layers"][0] | {"hours": hours}
    preview = send(
        staffed, "POST", "/api/v1/schedules/preview?days=7", PRIMARY | {"layers": [layer]}
    ).get_json()
    assert len(preview["gaps"]) == 5
    assert [(lane["name"], len(lane["shifts"])) for lane in preview["layers"]] == [("week", 6)]
    assert send(staffed, "GET", "/api/v1/schedules/primary/timeline?days=7").get_json()["gaps"] == []


def test_a_schedule_is_a_calendar(staffed: World):
    answer = send(staffed, "GET", "/api/v1/schedules/primary/calendar.ics")
    text = answer.get_data(as_text=True)
    assert answer.content_type.startswith("text/calendar")
    assert "SUMMARY:primary: alice" in text
    assert "DTSTART:20260112T080000Z" in text


def test_a_message_is_told_once_and_its_attempts_can_be_read(staffed: World):
    body = {"recipient": "bob", "message": "Deploy at noon"}
    headers = {"Idempotency-Key": "deploy-1"}
    first = staffed.client.post("/api/v1/notify", json=body, headers=headers).get_json()
    again = staffed.client.post("/api/v1/notify", json=body, headers=headers).get_json()
    assert (first["id"], first["status"]) == (again["id"], "pending")
    for future in staffed.backend.oncall.dispatcher.run_once():
        future.result(30)
    (shown,) = send(staffed, "GET", "/api/v1/notifications?recipient=bob").get_json()["items"]
    assert (shown["state"], shown["attempts"][0]["answer"]) == ("delivered", "written")


def test_one_method_of_a_person_is_tried_as_it_is_shown(staffed: World):
    shown = send(staffed, "GET", "/api/v1/users/alice").get_json()["methods"][0]["target"]
    body = {"recipient": "alice", "channel": "webhook", "target": shown, "message": "Can you hear me?"}
    assert send(staffed, "POST", "/api/v1/notify", body).get_json()["channels"] == ["webhook"]
    ((kept, *_),) = [told.notification.methods for told in staffed.store.outbox.told(ANY, limit=5).items]
    assert kept.target == SECRET_HOOK
    stranger = body | {"target": "https://elsewhere.example/…"}
    answer = send(staffed, "POST", "/api/v1/notify", stranger)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "target")


def test_a_message_to_nobody_says_who_can_be_reached(staffed: World):
    answer = send(staffed, "POST", "/api/v1/notify", {"recipient": "ghost", "message": "Boo"})
    assert (answer.status_code, answer.get_json()["known"]) == (422, ["alice", "bob"])


def test_escalating_by_hand_pages_the_next_step_at_once(staffed: World):
    incident = staffed.store.incidents.open(an_incident("redis", Severity.HIGH, staffed.clock.now()), [])
    staffed.backend.oncall.pager.run_once()
    answer = send(staffed, "POST", "/api/v1/escalate", {"incident_id": str(incident.number)})
    assert answer.status_code == 200
    staffed.backend.oncall.pager.run_once()
    pages = send(staffed, "GET", f"/api/v1/notifications?incident_id={incident.id}").get_json()["items"]
    assert [page["recipient"] for page in pages] == ["alice", "alice"]
    assert send(staffed, "GET", f"/api/v1/escalations/{incident.id}").get_json()["policy"] == "default"


def test_an_incident_that_nobody_is_paged_for_cannot_be_escalated(world: World):
    incident = world.store.incidents.open(an_incident("redis", Severity.HIGH, world.clock.now()), [])
    assert send(world, "POST", "/api/v1/escalate", {"incident_id": str(incident.id)}).status_code == 409


def test_a_window_shows_whether_it_is_open(world: World):
    window = {"name": "upgrade", "start": "2026-01-05T08:00:00", "end": "2026-01-05T10:00:00"}
    shown = send(world, "POST", "/api/v1/maintenance-windows", window).get_json()
    assert shown["open_until"] == "2026-01-05T10:00:00Z"


def test_an_open_window_is_ended_now_and_comes_again(world: World):
    window = {
        "name": "upgrade",
        "start": "2026-01-05T08:00:00",
        "end": "2026-01-05T10:00:00",
        "repeat": "daily",
    }
    send(world, "POST", "/api/v1/maintenance-windows", window)
    ended = send(world, "POST", "/api/v1/maintenance-windows/upgrade/end").get_json()
    assert (ended["open_until"], ended["ended_at"]) == (None, "2026-01-05T09:00:00Z")
    assert send(world, "POST", "/api/v1/maintenance-windows/upgrade/end").status_code == 409
    address = f"/api/v1/maintenance-windows/upgrade?revision={ended['revision']}"
    after = send(world, "PUT", address, window | {"reason": "disks", "last": "2026-01-06"}).get_json()
    assert (after["open_until"], after["last"]) == (None, "2026-01-06")
    world.clock.advance(24 * 3600)
    open_again = send(world, "GET", "/api/v1/maintenance-windows/upgrade").get_json()
    assert open_again["open_until"] == "2026-01-06T10:00:00Z"
    world.clock.advance(24 * 3600)
    assert send(world, "GET", "/api/v1/maintenance-windows/upgrade").get_json()["open_until"] is None
    assert send(world, "POST", "/api/v1/maintenance-windows/nothing/end").status_code == 404


def test_other_times_open_a_window_that_was_ended(world: World):
    window = {"name": "upgrade", "start": "2026-01-05T08:00:00", "end": "2026-01-05T10:00:00"}
    send(world, "POST", "/api/v1/maintenance-windows", window)
    send(world, "POST", "/api/v1/maintenance-windows/upgrade/end")
    longer = window | {"end": "2026-01-05T12:00:00"}
    after = send(world, "PUT", "/api/v1/maintenance-windows/upgrade", longer).get_json()
    assert after["open_until"] == "2026-01-05T12:00:00Z"


def test_a_fresh_installation_pages_by_the_operations_guide(world: World):
    assert world.backend.oncall.book.ship_defaults("http://catcher:8025")
    assert not world.backend.oncall.book.ship_defaults("http://catcher:8025")
    for severity, paged in {
        Severity.CRITICAL: {"engineer-2", "manager"},
        Severity.HIGH: {"engineer-2"},
        Severity.MEDIUM: {"incidents-chat"},
        Severity.LOW: {"ticket-queue"},
    }.items():
        incident = world.store.incidents.open(an_incident(severity, severity, world.clock.now()), [])
        world.backend.oncall.pager.run_once()
        pages = send(world, "GET", f"/api/v1/notifications?incident_id={incident.id}").get_json()["items"]
        assert {page["recipient"] for page in pages} == paged
    contacts = send(world, "GET", "/api/v1/contacts").get_json()["items"]
    assert {"on-call-engineer", "cto", "database-administrator", "cloud-support", "incident-chat"} <= {
        contact["name"] for contact in contacts
    }
    secondary = world.store.directory.roster().schedules["secondary"]
    assert secondary.who(world.clock.now() + timedelta(days=1)) == "engineer-1"


def test_pages_and_escalations_are_counted(staffed: World):
    staffed.store.incidents.open(an_incident("redis", Severity.HIGH, staffed.clock.now()), [])
    staffed.backend.oncall.pager.run_once()
    text = staffed.client.get("/metrics").get_data(as_text=True)
    assert 'escalations_total{team="operations"} 1.0' in text


def test_an_overdue_page_stops_the_beat(staffed: World):
    staffed.store.incidents.open(an_incident("redis", Severity.HIGH, staffed.clock.now()), [])
    staffed.backend.oncall.pager.run_once()
    staffed.backend.oncall.auditor.audit()
    assert staffed.beats == 1
    staffed.clock.advance(121)
    staffed.backend.oncall.auditor.audit()
    assert staffed.beats == 1
    assert "incidentops_pages_overdue 1.0" in staffed.client.get("/metrics").get_data(as_text=True)


def test_a_synthetic_page_is_measured_and_made_up_for_when_postgres_was_away(staffed: World):
    auditor, every = staffed.backend.oncall.auditor, timedelta(minutes=5)
    with staffed.store.away():
        auditor.page_synthetically(every)
    auditor.page_synthetically(every)
    auditor.page_synthetically(every)
    staffed.clock.advance(2)
    (future,) = staffed.backend.oncall.dispatcher.run_once()
    future.result(30)
    assert auditor.health.synthetic_seconds == 2.0
    assert len(send(staffed, "GET", "/api/v1/notifications").get_json()["items"]) == 1


def test_a_silence_by_amtool_is_one_of_ours(world: World):
    matchers = [{"name": "service", "value": "redis|postgres", "isRegex": True, "isEqual": True}]
    times = {"startsAt": "2026-01-05T08:00:00Z", "endsAt": "2026-01-05T11:00:00Z"}
    body = {"matchers": matchers, "createdBy": "alice", "comment": "upgrade", **times}
    name = send(world, "POST", "/api/v2/silences", body).get_json()["silenceID"]
    (shown,) = send(world, "GET", "/api/v2/silences?filter=service%3D~redis.*").get_json()
    assert (shown["id"], shown["status"], shown["matchers"]) == (name, {"state": "active"}, matchers)
    assert send(world, "GET", f"/api/v1/silences/{name}").get_json()["active"]
    assert send(world, "DELETE", f"/api/v2/silence/{name}").status_code == 200
    assert send(world, "GET", f"/api/v2/silence/{name}").get_json()["status"] == {"state": "expired"}
    assert world.store.directory.suppressions().silences[0].end == world.clock.now()
    assert send(world, "POST", "/api/v2/silences", body | {"id": "nobody"}).status_code == 404
