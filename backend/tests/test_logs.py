"""Live container logs: shared streams, bounded memory, slow readers."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from incidentops_backend.live.lines import BoundedLines, Line
from incidentops_backend.live.logs import BATCH_LINES, PENDING_LINES, LogDesk

DEADLINE_SECONDS = 60.0


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.005)


class Browsers:
    """What each client was sent. Clients named in `slow` never acknowledge."""

    def __init__(self) -> None:
        self.batches: dict[str, list[dict]] = {}
        self.slow: set[str] = set()

    def send(self, event: str, data: dict, sid: str, acknowledged: Callable[[], None]) -> None:
        assert event == "log_lines"
        self.batches.setdefault(sid, []).append(data)
        if sid not in self.slow:
            acknowledged()

    def texts(self, sid: str) -> list[str]:
        return [line["text"] for batch in self.batches.get(sid, []) for line in batch["lines"]]

    def skipped(self, sid: str) -> int:
        return sum(batch["skipped"] for batch in self.batches.get(sid, []))


class Room:
    """A log desk driven by hand, and the browsers that read from it."""

    def __init__(self, world) -> None:
        self.browsers = Browsers()
        self.desk = LogDesk(world.engine, world.backend.view, self.browsers.send)

    def wait_for(self, sid: str, texts: list[str]) -> None:
        def told() -> bool:
            self.desk.beat()
            return self.browsers.texts(sid) == texts

        wait_until(told, f"{sid} read {texts}")


@pytest.fixture
def room(world):
    room = Room(world)
    yield room
    for sid in ("alice", "bob"):
        room.desk.stop(sid)


def test_a_reader_gets_the_last_lines_and_then_each_new_one(world, room):
    redis = world.add("redis")
    for number in range(5):
        world.engine.write(redis.id, f"old {number}")
    assert room.desk.follow("alice", "redis", tail=2) == [redis.short_id]
    room.wait_for("alice", ["old 3", "old 4"])
    world.engine.write(redis.id, "new", stream="stderr")
    room.wait_for("alice", ["old 3", "old 4", "new"])
    [line] = room.browsers.batches["alice"][-1]["lines"]
    assert (line["stream"], line["container"]) == ("stderr", redis.short_id)


def test_two_readers_share_one_stream_which_closes_after_the_last(world, room):
    redis = world.add("redis")
    world.engine.write(redis.id, "hello")
    room.desk.follow("alice", "redis", tail=10)
    room.wait_for("alice", ["hello"])
    room.desk.follow("bob", "redis", tail=10)
    room.wait_for("bob", ["hello"])
    assert room.desk.open_streams == 1
    assert len(world.engine._log_streams[redis.id]) == 1
    room.desk.stop("alice")
    assert room.desk.open_streams == 1
    room.desk.stop("bob")
    assert room.desk.open_streams == 0
    wait_until(lambda: not world.engine._log_streams[redis.id], "the engine's stream is closed")


def test_a_stopped_container_shows_its_last_lines_and_is_read_on_when_it_starts(world, room):
    redis = world.add("redis")
    world.engine.write(redis.id, "bye")
    world.engine.die(redis.id)
    world.see()
    room.desk.follow("alice", "redis", tail=10)
    room.wait_for("alice", ["bye"])
    world.engine.start(redis.id)
    world.see()
    room.desk.beat()
    wait_until(lambda: room.desk.beat() or world.engine._log_streams[redis.id], "it is followed again")
    world.engine.write(redis.id, "back")
    room.wait_for("alice", ["bye", "back"])


def test_the_engine_gone_and_back_costs_no_line_twice(world, room):
    redis = world.add("redis")
    world.engine.write(redis.id, "before")
    room.desk.follow("alice", "redis", tail=10)
    room.wait_for("alice", ["before"])
    world.engine.go_away()
    world.engine.come_back()
    world.engine.write(redis.id, "after")
    room.wait_for("alice", ["before", "after"])


def test_a_replaced_container_is_followed_instead_of_the_one_that_is_gone(world, room):
    old = world.add("redis")
    room.desk.follow("alice", "redis", tail=10)
    world.engine.remove(old.id)
    new = world.add("redis")
    world.engine.write(new.id, "I am new")
    room.wait_for("alice", ["I am new"])
    assert room.desk.open_streams == 1


def test_a_reader_who_does_not_acknowledge_gets_one_batch_and_a_count_of_the_rest(world, room):
    redis = world.add("redis")
    room.browsers.slow.add("bob")
    for sid in ("alice", "bob"):
        room.desk.follow(sid, "redis", tail=0)
    wait_until(lambda: world.engine._log_streams[redis.id], "it is followed")
    world.engine.write(redis.id, "first")
    room.wait_for("bob", ["first"])
    written = [f"line {number}" for number in range(PENDING_LINES + 100)]
    for start in range(0, len(written), BATCH_LINES):
        for text in written[start : start + BATCH_LINES]:
            world.engine.write(redis.id, text)
        room.wait_for("alice", ["first", *written[: start + BATCH_LINES]])
    assert room.browsers.texts("bob") == ["first"]
    bob = room.desk._readers["bob"]
    assert (len(bob.pending), bob.skipped) == (PENDING_LINES, 100)
    room.browsers.slow.clear()
    room.desk._acknowledged(bob)
    room.wait_for("bob", ["first", *written[100:]])
    assert room.browsers.skipped("bob") == 100
    assert room.browsers.skipped("alice") == 0


def test_an_unknown_service_has_no_lines_and_no_stream(world, room):
    assert room.desk.follow("alice", "nowhere", tail=10) == []
    room.desk.beat()
    assert room.browsers.batches == {}


def test_memory_is_bounded_by_lines_and_by_characters():
    lines = BoundedLines(3, 10)
    line = lambda text: Line(datetime.now(UTC), "stdout", text, "c0ffee")  # noqa: E731  # shorter than a def
    assert [lines.add(line("a")) for _ in range(4)] == [0, 0, 0, 1]
    assert lines.add(line("x" * 9)) == 2
    assert [item.text for item in lines.newest(5)] == ["a", "x" * 9]
    assert [item.text for item in lines.take(5, 1)] == ["a"]
    assert len(lines) == 1
