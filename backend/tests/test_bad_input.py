"""What broken programs and attackers send: refused in the words of the format, counted, and never half stored."""

from collections.abc import Iterator

import pytest

from backend.tests.conftest import World
from backend.tests.test_intake import ALERT, DOORS, EVENT, GROUP_ALERT, alerts, post
from backend.tests.test_oncall_http import PRIMARY
from incidentops_backend.http.ingest import alertmanager

AFTER_ALL_TIME = "9999-12-31T23:59:59-10:00"
BEFORE_ALL_TIME = "0001-01-01T00:00:00+10:00"
OUT_OF_TIME = [AFTER_ALL_TIME, BEFORE_ALL_TIME]
"""A moment of their own zone's calendar, and of no other: no database hands it out again."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One for all: nothing that these tests send may change it."""
    world = World()
    yield world
    world.bus.close()


@pytest.mark.parametrize("time", OUT_OF_TIME)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/alerts", lambda time: ALERT | {"timestamp": time}),
        ("/api/v2/alerts", lambda time: [{"labels": GROUP_ALERT["labels"], "endsAt": time}]),
        ("/api/v1/ingest/alertmanager", lambda time: {"alerts": [GROUP_ALERT | {"startsAt": time}]}),
        ("/v2/enqueue", lambda time: EVENT | {"payload": EVENT["payload"] | {"timestamp": time}}),
        (
            "/api/v1/ingest/cloudevents",
            lambda time: DOORS["/api/v1/ingest/cloudevents"] | {"time": time},
        ),
    ],
)
def test_a_moment_that_no_calendar_has_is_refused(world, path, body, time):
    assert post(world, path, body(time)).status_code in {400, 422}
    assert alerts(world) == ()


@pytest.mark.parametrize("time", [*OUT_OF_TIME, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/incidents/stats/summary?until=",
        "/api/v1/incidents?since=",
        "/api/v1/schedules/primary/timeline?start=",
    ],
)
def test_a_period_begins_and_ends_where_there_is_a_before_and_an_after(world, path, time):
    assert world.client.get(path + time.replace("+", "%2B")).status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_rotation_and_a_window_begin_within_the_calendar(world, day):
    rotation = {"users": ["alice"], "starts_on": day}
    schedule = PRIMARY | {"zone": "Asia/Tokyo", "layers": [{"name": "week", "rotation": rotation}]}
    answer = world.client.post("/api/v1/schedules", json=schedule)
    assert "layers.0.rotation.starts_on" in [error["field"] for error in answer.get_json()["errors"]]
    window = {"name": "night", "start": f"{day}T01:00:00", "end": f"{day}T02:00:00", "zone": "Asia/Tokyo"}
    answer = world.client.post("/api/v1/maintenance-windows", json=window)
    assert [error["field"] for error in answer.get_json()["errors"]] == ["start", "end"]


def rejected(world: World, wire_format: str, reason: str) -> float:
    """How often that was counted."""
    text = world.client.get("/metrics").get_data(as_text=True)
    start = f'alerts_rejected_total{{format="{wire_format}",reason="{reason}"}} '
    return next((float(line.removeprefix(start)) for line in text.splitlines() if line.startswith(start)), 0)


@pytest.mark.parametrize(
    ("path", "wire_format", "headers"),
    [
        ("/api/v1/heartbeats/backup?service=a%00b", "heartbeat", {}),
        ("/api/v1/heartbeats/backup?interval_seconds=NaN", "heartbeat", {}),
        ("/api/v1/heartbeats/a%20b", "heartbeat", {}),
        ("/api/v1/alerts", "api", {"Idempotency-Key": "x" * 201}),
    ],
)
def test_a_bad_query_or_header_is_refused_and_counted(world, path, wire_format, headers):
    before = rejected(world, wire_format, "invalid")
    answer = world.client.post(path, json=ALERT, headers=headers)
    assert (answer.status_code, rejected(world, wire_format, "invalid")) == (422, before + 1)
    assert world.client.get("/api/v1/heartbeats").get_json() == {"items": []}


def test_a_signature_of_any_letters_is_only_wrong(keyed_world):
    headers = {alertmanager.SIGNATURE: "\u00e9" * 64}
    answer = keyed_world.client.post("/api/v1/ingest/grafana", json={"alerts": []}, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("source", ["incidentops", "prometheus", "heartbeat", "api"])
def test_an_event_cannot_speak_for_another_door(world, source):
    event = DOORS["/api/v1/ingest/cloudevents"] | {"source": source}
    answer = post(world, "/api/v1/ingest/cloudevents", event)
    assert [error["field"] for error in answer.get_json()["errors"]] == ["source"]


def test_a_matcher_is_taken_as_a_whole_or_not_at_all(world):
    query = {"filter": f'service="redis" {"x" * 600}'}
    assert world.client.get("/api/v2/alerts", query_string=query).status_code == 400
