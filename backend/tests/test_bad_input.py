"""What broken programs and attackers send: refused in the words of the format, counted, and never half stored."""

import threading
from collections.abc import Iterator

import pytest
import requests
from werkzeug.serving import make_server

from backend.tests.conftest import World
from backend.tests.test_intake import ALERT, DOORS, EVENT, GROUP_ALERT, alerts, post
from backend.tests.test_oncall_http import PRIMARY
from incidentops_backend.http.guard import MAX_BODY_BYTES
from incidentops_backend.http.ingest import alertmanager

AFTER_ALL_TIME = "9999-12-31T23:59:59-10:00"
BEFORE_ALL_TIME = "0001-01-01T00:00:00+10:00"
DOOR_NAMES = {"/v2/enqueue": "pagerduty", "/api/v1/ingest/grafana": "grafana"}
OUT_OF_TIME = [AFTER_ALL_TIME, BEFORE_ALL_TIME]
"""A moment of their own zone's calendar, and of no other: no database hands it out again."""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One for all: nothing that these tests send may change it."""
    world = World()
    yield world
    world.bus.close()


@pytest.fixture(scope="module")
def serving(world: World) -> Iterator[str]:
    """Behind a real server, whose bodies may come in chunks."""
    server = make_server("127.0.0.1", 0, world.backend.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


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
    labels = {"format": wire_format, "reason": reason}
    return world.backend.registry.get_sample_value("alerts_rejected_total", labels) or 0


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


SILENCE = {
    "matchers": [{"name": "service", "value": "redis"}],
    "startsAt": "2026-01-05T08:00:00Z",
    "endsAt": "2026-01-05T11:00:00Z",
}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"matchers": []}, "matchers"),
        ({"startsAt": BEFORE_ALL_TIME, "endsAt": AFTER_ALL_TIME}, "startsAt"),
        ({"endsAt": "2026-01-05T07:00:00Z"}, "start time must be before end time"),
        ({"comment": "a\x00b"}, "comment"),
        ({"matchers": [{"name": "a", "value": "(", "isRegex": True}]}, "regular expression"),
    ],
)
def test_a_bad_silence_is_refused_in_alertmanagers_words(world, change, named):
    answer = world.client.post("/api/v2/silences", json=SILENCE | change)
    assert answer.status_code == 400
    assert named in answer.get_json()
    assert world.client.get("/api/v2/silences").get_json() == []


def test_no_such_silence_is_told_in_alertmanagers_words(world):
    for answer in (
        world.client.get("/api/v2/silence/nobody"),
        world.client.delete("/api/v2/silence/No%20Body"),
        world.client.post("/api/v2/silences", json=SILENCE | {"id": "nobody"}),
    ):
        assert (answer.status_code, type(answer.get_json())) == (404, str)


def chunks(size: int) -> Iterator[bytes]:
    """So many bytes that are announced by nothing."""
    yield from (b" " * 65536 for _ in range(size // 65536))


@pytest.mark.parametrize(
    ("path", "cap"), [("/v2/enqueue", 512 * 1024), ("/api/v1/ingest/grafana", 4 * 1024**2)]
)
def test_a_body_in_chunks_is_capped_in_the_words_of_its_format(world, serving, path, cap):
    headers = {"Content-Type": "application/json"}
    taken = requests.post(serving + path, data=chunks(cap - 65536), headers=headers, timeout=30)
    assert taken.status_code == 400
    before = rejected(world, DOOR_NAMES[path], "too_large")
    for size in (cap + 65536, 2 * alertmanager.MAX_BYTES):
        answer = requests.post(serving + path, data=chunks(size), headers=headers, timeout=30)
        assert answer.status_code == 413
        assert ("errors" in answer.json()) is (path == "/v2/enqueue")
    assert rejected(world, DOOR_NAMES[path], "too_large") == before + 2


def test_of_a_body_in_chunks_that_is_too_long_no_part_is_stored(world, serving):
    rules = b"rules: []\n"
    url = f"{serving}/api/v1/correlation/rules"
    answer = requests.put(url, data=iter([rules, *chunks(2 * MAX_BODY_BYTES)]), timeout=30)
    assert answer.status_code == 413
    assert requests.get(url, timeout=30).json()["version"] == 0
