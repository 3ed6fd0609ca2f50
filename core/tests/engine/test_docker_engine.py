"""The real Docker engine keeps the engine contract, and what only a real one can show."""

from collections.abc import Iterator

import pytest

from incidentops.testing.engine_contract import EngineContract
from incidentops.testing.engine_docker_world import DockerWorld

from .conftest import ENGINE_URL

pytestmark = pytest.mark.engine


@pytest.fixture
def world(engine_image: str) -> Iterator[DockerWorld]:
    world = DockerWorld(ENGINE_URL, engine_image)
    yield world
    world.close()


class TestDockerEngine(EngineContract):
    """Every verb, state, error, event, log line and sample."""
