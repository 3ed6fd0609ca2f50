"""The in-memory twin keeps the engine contract, and does what a test tells it."""

import threading

import pytest

from incidentops.domain.errors import EngineRefused, Unavailable
from incidentops.testing.engine import MemoryEngine
from incidentops.testing.engine_contract import EngineContract
from incidentops.testing.engine_memory_world import MemoryWorld
from incidentops.testing.engine_outage_contract import OutageContract
from incidentops.testing.engine_world import Watcher, eventually, watching


class TestMemoryEngine(EngineContract, OutageContract):
    @pytest.fixture
    def world(self) -> MemoryWorld:
        return MemoryWorld()


def test_an_engine_that_goes_away_fails_calls_and_streams_until_it_comes_back():
    engine = MemoryEngine()
    redis = engine.add("redis")
    with engine.events() as events:
        watcher = Watcher(events)
        engine.go_away("connection refused")
        assert watcher.ended()
    assert isinstance(watcher.outage, Unavailable)
    with pytest.raises(Unavailable, match="connection refused"):
        engine.list()
    engine.come_back()
    assert engine.list() == [redis]
    with watching(engine) as again:
        engine.die(redis.id, 3)
        assert again.next(redis.id).exit_code == 3


def test_a_held_container_lets_its_verbs_wait():
    engine = MemoryEngine()
    redis = engine.add("redis")
    stopping = threading.Thread(target=engine.stop, args=[redis.id])
    with engine.hold(redis.id):
        stopping.start()
        assert engine.inspect(redis.id).running
    stopping.join(5)
    eventually(lambda: engine.inspect(redis.id).status == "exited")


def test_a_verb_told_to_refuse_says_the_words():
    engine = MemoryEngine()
    redis = engine.add("redis", status="created")
    engine.refuse("start", "port is already allocated")
    with pytest.raises(EngineRefused, match="port is already allocated"):
        engine.start(redis.id)
    engine.refuse("start", None)
    engine.start(redis.id)
