"""An engine of our own, killed, hung and started again under the adapter, over TCP and a unix socket."""

import time
from collections.abc import Iterator

import pytest

from incidentops.adapters.docker import DockerEngine
from incidentops.domain.errors import Unavailable
from incidentops.testing.engine_contract import EventContract, LogContract
from incidentops.testing.engine_docker_world import DockerWorld
from incidentops.testing.engine_nested import NestedEngine
from incidentops.testing.engine_outage_contract import NOTICED_SECONDS, OutageContract
from incidentops.testing.engine_world import Watcher, eventually, watching

from .conftest import ENGINE_URL

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def nested(engine_image: str) -> Iterator[NestedEngine]:
    nested = NestedEngine()
    nested.start()
    nested.load(engine_image, ENGINE_URL)
    yield nested
    nested.close()


class NestedWorld(DockerWorld):
    """Containers of the nested engine, seen over TCP."""

    def __init__(self, nested: NestedEngine, image: str, url: str) -> None:
        super().__init__(url, image, network_mode="none")
        self._nested = nested

    def go_away(self) -> None:
        self._nested.kill()

    def come_back(self) -> None:
        self._nested.start()


@pytest.fixture(params=["unix", "tcp"])
def world(nested: NestedEngine, engine_image: str, request: pytest.FixtureRequest) -> Iterator[NestedWorld]:
    url = {"unix": nested.url, "tcp": nested.tcp_url}[request.param]
    world = NestedWorld(nested, engine_image, url)
    yield world
    if not nested.answers():
        nested.start()
    world.close()


class TestKilledEngine(OutageContract):
    """SIGKILL of the engine, and its return."""


@pytest.mark.parametrize("world", ["tcp"], indirect=True)
class TestEngineOverTcp(EventContract, LogContract):
    """Streams over TCP keep the same contract."""


def test_an_engine_that_hangs_is_noticed_and_works_again_when_it_goes_on(
    world: NestedWorld, nested: NestedEngine
):
    container = world.run("redis")
    with world.engine.events() as events, world.engine.logs(container, follow=True) as lines:
        watcher, follower = Watcher(events), Watcher(lines)
        nested.hang()
        try:
            began = time.monotonic()
            with pytest.raises(Unavailable, match="did not answer in time"):
                world.engine.list()
            with pytest.raises(Unavailable), world.engine.events():
                pass
            assert watcher.ended(NOTICED_SECONDS)
            assert follower.ended(NOTICED_SECONDS)
            assert time.monotonic() - began < 2 * NOTICED_SECONDS
        finally:
            nested.resume()
    assert isinstance(watcher.outage, Unavailable)
    with watching(world.engine) as again:
        world.engine.pause(container)
        assert again.until(container, "pause")


def test_an_adapter_made_while_the_engine_is_away_works_when_it_comes():
    nested = NestedEngine()
    early = DockerEngine(nested.url)
    with pytest.raises(Unavailable):
        early.list()
    nested.start()
    try:
        assert early.list() == []
        assert early.info().kind == "docker"
    finally:
        early.close()
        nested.close()


def test_containers_that_died_with_the_engine_are_down_when_it_is_back(
    world: NestedWorld, nested: NestedEngine
):
    container = world.run("redis")
    nested.kill()
    nested.start()
    eventually(lambda: world.engine.inspect(container).status == "exited")
