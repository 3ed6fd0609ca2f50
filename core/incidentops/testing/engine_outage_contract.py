"""What every engine adapter must do when its engine dies, hangs and comes back."""

import time
from collections.abc import Callable
from typing import Protocol

import pytest

from incidentops.domain.containers import Container
from incidentops.domain.errors import Unavailable
from incidentops.domain.probes import HEALTHCHECK
from incidentops.ports import Engine
from incidentops.testing.engine_world import Watcher, World, eventually, watching

NOTICED_SECONDS = 6.0
"""The longest an outage may go unnoticed: two watchdog periods and a timeout."""

CALLS: dict[str, Callable[[Engine, Container], object]] = {
    "info": lambda engine, _: engine.info(),
    "list": lambda engine, _: engine.list(),
    "inspect": lambda engine, redis: engine.inspect(redis.id),
    "start": lambda engine, redis: engine.start(redis.id),
    "stop": lambda engine, redis: engine.stop(redis.id),
    "logs": lambda engine, redis: engine.logs(redis.id).__enter__(),
    "events": lambda engine, _: engine.events().__enter__(),
    "health probe": lambda engine, redis: engine.probe(redis, HEALTHCHECK),
}


class OutageWorld(World, Protocol):
    """A world whose engine can be taken away."""

    def go_away(self) -> None: ...

    def come_back(self) -> None: ...


class OutageContract:
    """A test class inherits this and provides the fixture `world`, an `OutageWorld`."""

    def test_every_call_says_at_once_that_the_engine_is_away(self, world: OutageWorld) -> None:
        redis = world.engine.inspect(world.run("redis"))
        world.go_away()
        for name, call in CALLS.items():
            began = time.monotonic()
            with pytest.raises(Unavailable) as raised:
                call(world.engine, redis)
            assert raised.value.part == "engine", name
            assert time.monotonic() - began < NOTICED_SECONDS, name

    def test_streams_end_with_the_outage_and_begin_anew_after_it(self, world: OutageWorld) -> None:
        container = world.run("redis")
        with world.engine.events() as events, world.engine.logs(container, follow=True) as lines:
            watcher, follower = Watcher(events), Watcher(lines)  # type: ignore[arg-type]  # it only iterates
            world.go_away()
            assert watcher.ended(NOTICED_SECONDS)
            assert follower.ended(NOTICED_SECONDS)
        assert isinstance(watcher.outage, Unavailable)
        assert isinstance(follower.outage, Unavailable)
        world.come_back()
        with watching(world.engine) as again:
            world.engine.start(container)
            world.engine.kill(container, "SIGCONT")
            assert again.until(container, "kill")

    def test_what_happened_meanwhile_is_in_the_list_after_it(self, world: OutageWorld) -> None:
        container = world.run("redis")
        world.go_away()
        world.come_back()
        eventually(lambda: container in {item.id for item in world.engine.list()})
        world.engine.start(container)
        assert world.engine.inspect(container).running
