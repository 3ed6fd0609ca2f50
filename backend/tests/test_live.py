"""The live view over Socket.IO, on a real server with real clients."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import socketio

from incidentops.domain.observations import Usage

DEADLINE_SECONDS = 60.0


class Client:
    """A panel: keeps every message it got."""

    def __init__(self, url: str, **options) -> None:
        self.messages: list[tuple[str, dict]] = []
        self._arrived = threading.Condition()
        self.io = socketio.Client(reconnection=False)
        for name in ("snapshot", "delta", "stats", "topic"):
            self.io.on(name, lambda data, name=name: self._take(name, data))
        self.io.connect(url, **{"transports": ["websocket"], "wait_timeout": DEADLINE_SECONDS} | options)

    def _take(self, name: str, data: dict) -> None:
        with self._arrived:
            self.messages.append((name, data))
            self._arrived.notify_all()

    def wait_for(self, condition: Callable[[str, dict], bool]) -> dict:
        """The first message, old or new, that fulfils the condition."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        with self._arrived:
            while True:
                for name, data in self.messages:
                    if condition(name, data):
                        return data
                remaining = deadline - time.monotonic()
                assert remaining > 0, f"not among {[name for name, _ in self.messages]}"
                self._arrived.wait(remaining)

    def revisions(self) -> list[int]:
        with self._arrived:
            return [data["revision"] for name, data in self.messages if name in {"snapshot", "delta"}]


@pytest.fixture
def connect(url) -> Iterator[Callable[..., Client]]:
    clients: list[Client] = []

    def connect(**options) -> Client:
        clients.append(Client(url, **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.io.disconnect()


def is_service(status: str) -> Callable[[str, dict], bool]:
    """A delta in which redis has this status."""
    return lambda name, data: (
        name == "delta"
        and any(item["name"] == "redis" and item["status"] == status for item in data.get("services", ()))
    )


def test_a_client_gets_the_whole_state_and_then_what_changes(world, connect):
    redis = world.add("redis")
    client = connect()
    snapshot = client.wait_for(lambda name, _: name == "snapshot")
    assert [service["name"] for service in snapshot["services"]] == ["redis"]
    assert {"system", "dependencies", "actions", "server_time"} <= set(snapshot)
    world.engine.die(redis.id)
    delta = client.wait_for(is_service("DOWN"))
    assert delta["revision"] > snapshot["revision"]


def test_revisions_rise_by_one_after_the_snapshot(world, connect):
    redis = world.add("redis")
    client = connect()
    client.wait_for(lambda name, _: name == "snapshot")
    for _ in range(5):
        world.engine.pause(redis.id)
        world.engine.unpause(redis.id)
    world.engine.die(redis.id)
    client.wait_for(is_service("DOWN"))
    snapshot_at = [name for name, _ in client.messages].index("snapshot")
    revisions = client.revisions()[snapshot_at:]
    fresh = [revision for revision in revisions[1:] if revision > revisions[0]]
    assert fresh == list(range(fresh[0], fresh[0] + len(fresh)))
    assert fresh[0] == revisions[0] + 1


def test_two_clients_see_the_same_action_lines(world, connect):
    world.add("redis")
    clients = [connect(), connect()]
    for client in clients:
        client.wait_for(lambda name, _: name == "snapshot")
    world.client.post("/stop/redis")

    def told(name: str, data: dict) -> bool:
        return any(
            item["message"] == "Service stopped manually"
            for item in data.get("actions", ())
            if name == "delta"
        )

    ids = {
        next(item["id"] for item in client.wait_for(told)["actions"] if item["message"]) for client in clients
    }
    assert len(ids) == 1


def test_a_late_client_finds_the_lines_of_before_in_its_snapshot(world, connect):
    world.add("redis")
    world.client.post("/stop/redis")
    snapshot = connect().wait_for(lambda name, _: name == "snapshot")
    assert [line["message"] for line in snapshot["actions"]["redis"]] == ["Service stopped manually"]


def test_resync_brings_a_fresh_snapshot(world, connect):
    client = connect()
    first = client.wait_for(lambda name, _: name == "snapshot")
    world.add("redis")
    client.io.emit("resync")
    fresh = client.wait_for(lambda name, data: name == "snapshot" and bool(data["services"]))
    assert fresh["revision"] >= first["revision"]


def test_the_engine_lost_is_told_as_unknown_with_age_and_its_return_too(world, connect):
    world.add("redis")
    client = connect()
    client.wait_for(lambda name, _: name == "snapshot")
    world.engine.go_away()
    lost = client.wait_for(
        lambda name, data: name == "delta" and any(s["state"] == "unknown" for s in data.get("services", ()))
    )
    [service] = lost["services"]
    assert (service["status"], service["age_seconds"] is not None) == ("UP", True)
    seen = len(client.messages)
    world.engine.come_back()
    client.wait_for(
        lambda name, data: (
            (name, data) in client.messages[seen:]
            and any(s["state"] == "running" for s in data.get("services", ()))
        )
    )


def test_only_what_is_watched_is_measured_and_sent(world, connect):
    redis = world.add("redis")
    world.add("postgres")
    world.engine.use(redis.id, Usage(world.clock.monotonic(), 1.5, 4096, 8192, 1, 2, 3, 4))
    client = connect()
    client.io.emit("watch", {"services": ["redis"]})
    stats = client.wait_for(lambda name, _: name == "stats")
    assert set(stats["services"]) == {"redis"}
    assert stats["services"]["redis"]["memory_bytes"] == 4096


def test_a_list_that_cannot_be_read_is_refused_and_the_connection_stays(world, connect):
    client = connect()
    answer = client.io.call("watch", {"services": "redis"}, timeout=DEADLINE_SECONDS)
    assert "error" in answer
    client.io.emit("resync")
    client.wait_for(lambda name, _: name == "snapshot")


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}])
def test_a_page_elsewhere_and_a_rebound_name_get_no_state(connect, headers):
    try:
        client = connect(headers=headers)
    except socketio.exceptions.ConnectionError:
        return
    deadline = time.monotonic() + DEADLINE_SECONDS
    while client.io.connected:
        assert time.monotonic() < deadline, "the connection was not closed"
        client.io.sleep(0.01)
    assert client.messages == []


def test_a_log_is_followed_in_acknowledged_batches_until_it_is_stopped(world, connect):
    redis = world.add("redis")
    world.engine.write(redis.id, "Ready to accept connections")
    client = connect()
    batches = []
    client.io.on("log_lines", lambda data: batches.append(data) or "taken")
    answer = client.io.call("logs_follow", {"service": "redis"}, timeout=DEADLINE_SECONDS)
    assert answer == {"containers": [redis.short_id]}
    for text in ("Ready to accept connections", "<b>bold</b>"):
        deadline = time.monotonic() + DEADLINE_SECONDS
        while text not in [line["text"] for batch in batches for line in batch["lines"]]:
            assert time.monotonic() < deadline, f"{text!r} did not come"
            time.sleep(0.01)
        world.engine.write(redis.id, "<b>bold</b>")
    client.io.call("logs_stop", timeout=DEADLINE_SECONDS)
    assert world.backend.logs.open_streams == 0


def test_a_client_that_leaves_ends_its_log_stream(world, connect):
    world.add("redis")
    client = connect()
    client.io.call("logs_follow", {"service": "redis"}, timeout=DEADLINE_SECONDS)
    assert world.backend.logs.open_streams == 1
    client.io.disconnect()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while world.backend.logs.open_streams:
        assert time.monotonic() < deadline, "the stream is still open"
        time.sleep(0.01)


@pytest.mark.parametrize("request_", [None, {"service": ""}, {"service": "redis", "tail": 5000}])
def test_a_log_that_cannot_be_asked_for_is_refused(world, connect, request_):
    answer = connect().io.call("logs_follow", request_, timeout=DEADLINE_SECONDS)
    assert "error" in answer
    assert world.backend.logs.open_streams == 0


def test_who_joined_a_topic_is_told_what_changed_and_nobody_else(world, connect):
    pages = connect(), connect()
    for page, topic in zip(pages, ("incidents", "alerts"), strict=True):
        assert page.io.call("topic_join", {"topic": topic}, timeout=DEADLINE_SECONDS) == {}
    world.backend.socket.topics.changed("incidents", ["a", "b", "a"])
    world.backend.socket.topics.changed("alerts", ["c"])
    told = [page.wait_for(lambda name, _: name == "topic") for page in pages]
    assert told == [{"topic": "incidents", "ids": ["a", "b"]}, {"topic": "alerts", "ids": ["c"]}]


def test_who_left_a_topic_is_told_no_more(world, connect):
    client = connect()
    for topic in ("incidents", "alerts"):
        client.io.call("topic_join", {"topic": topic}, timeout=DEADLINE_SECONDS)
    assert client.io.call("topic_leave", {"topic": "incidents"}, timeout=DEADLINE_SECONDS) == {}
    world.backend.socket.topics.changed("incidents", ["a"])
    world.backend.socket.topics.changed("alerts", ["b"])
    assert client.wait_for(lambda name, _: name == "topic") == {"topic": "alerts", "ids": ["b"]}


@pytest.mark.parametrize("request_", [None, {"topic": "nonsense"}, {"topic": 7}, "incidents"])
def test_an_unknown_topic_is_refused_and_the_connection_stays(connect, request_):
    client = connect()
    assert "error" in client.io.call("topic_join", request_, timeout=DEADLINE_SECONDS)
    assert client.io.call("topic_join", {"topic": "alerts"}, timeout=DEADLINE_SECONDS) == {}
