"""The real Docker engine keeps the engine contract, and what only a real one can show."""

import socket
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from incidentops.adapters.docker import DockerEngine
from incidentops.adapters.docker.address import EngineAddress
from incidentops.adapters.docker.logs import LONGEST_LINE
from incidentops.domain.errors import EngineRefused
from incidentops.domain.labels import SERVICE
from incidentops.testing.engine_contract import EngineContract
from incidentops.testing.engine_docker_world import DockerWorld
from incidentops.testing.engine_world import Kind, eventually, watching

from .conftest import ENGINE_URL

pytestmark = pytest.mark.engine


@pytest.fixture
def world(engine_image: str) -> Iterator[DockerWorld]:
    world = DockerWorld(ENGINE_URL, engine_image)
    yield world
    world.close()


class TestDockerEngine(EngineContract):
    """Every verb, state, error, event, log line, sample and probe."""


def test_an_event_arrives_within_milliseconds(world: DockerWorld):
    container = world.run("redis")
    delays = []
    with world.engine.events() as events:
        for _ in range(20):
            world.engine.kill(container, "SIGCONT")
            event = next(events)
            delays.append((datetime.now(UTC) - event.at).total_seconds())
    assert statistics.median(delays) < 0.05


def test_health_checks_cause_no_events_but_their_verdicts(world: DockerWorld):
    container = world.run("redis", Kind.CHECKED)
    with watching(world.engine) as watcher:
        world.sicken(container)
        actions = [event.action for event in watcher.until(container, "health_status: unhealthy")]
    assert actions == ["health_status: unhealthy"]


def test_stop_waits_as_long_as_the_container_asks_for(world: DockerWorld, engine_image: str):
    slow = ["sh", "-c", "trap 'sleep 3; exit 7' TERM; echo ready; while :; do sleep 0.1; done"]
    options = {"labels": {SERVICE: "redis"}, "stop_timeout": 20}
    container = world.client.create_container(engine_image, slow, **options)["Id"]
    try:
        world.client.start(container)
        eventually(lambda: bool(world.client.logs(container)))
        world.engine.stop(container)
        assert world.engine.inspect(container).exit_code == 7
    finally:
        world.remove(container)


def test_stop_ends_a_crash_loop(world: DockerWorld, engine_image: str):
    host = world.client.create_host_config(restart_policy={"Name": "always"})
    options = {"labels": {SERVICE: "redis"}, "host_config": host}
    container = world.client.create_container(engine_image, ["false"], **options)["Id"]
    try:
        world.client.start(container)
        eventually(lambda: world.engine.inspect(container).status == "restarting")
        assert not world.engine.inspect(container).running
        world.engine.stop(container)
        assert world.engine.inspect(container).status == "exited"
    finally:
        world.remove(container)


def test_a_container_that_cannot_start_is_refused_in_the_engines_words(world: DockerWorld, engine_image: str):
    container = world.client.create_container(engine_image, ["/no/such/program"])["Id"]
    try:
        with pytest.raises(EngineRefused, match="no such file or directory"):
            world.engine.start(container)
    finally:
        world.remove(container)


def test_foreign_bytes_in_a_log_are_replaced(world: DockerWorld):
    container = world.run("redis")
    world.execute(container, r"printf 'caf\351 \000\377\n' > /proc/1/fd/1")
    eventually(lambda: len(texts(world.engine, container)) == 2)
    assert texts(world.engine, container)[-1] == "caf� \x00�"


def test_a_long_line_is_whole_and_an_endless_one_is_cut(world: DockerWorld):
    container = world.run("redis")
    world.execute(container, "head -c 40000 /dev/zero | tr '\\0' a > /proc/1/fd/1; echo b > /proc/1/fd/1")
    world.execute(container, "head -c 200000 /dev/zero | tr '\\0' c > /proc/1/fd/1; echo d > /proc/1/fd/1")
    eventually(lambda: texts(world.engine, container)[-1].endswith("d"))
    lines = texts(world.engine, container)
    assert lines[1] == "a" * 40000 + "b"
    assert "".join(lines[2:]) == "c" * 200000 + "d"
    assert max(map(len, lines)) <= LONGEST_LINE + 16384


def test_a_log_that_the_engine_does_not_keep_is_refused(world: DockerWorld, engine_image: str):
    host = world.client.create_host_config(log_config={"type": "none", "config": {}})
    container = world.client.create_container(engine_image, ["true"], host_config=host)["Id"]
    try:
        with pytest.raises(EngineRefused, match="logging"), world.engine.logs(container) as lines:
            list(lines)
    finally:
        world.remove(container)


def test_a_list_costs_a_fraction_of_the_sdks(world: DockerWorld, engine_image: str):
    """The SDK's `containers.list()` is one inspect per container on a connection of its own."""
    ids = [world.create(f"billing-{number}") for number in range(30)]
    ours = fastest(world.engine.list)
    sdks = fastest(lambda: [world.client.inspect_container(container) for container in ids])
    assert ours < sdks


def test_tcp_connections_are_kept_alive_by_the_kernel():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = EngineAddress.parse(f"tcp://127.0.0.1:{listening.getsockname()[1]}")
        with address.connect(1.0) as connection:
            assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


@pytest.mark.parametrize(
    "url", ["", "/var/run/docker.sock", "ssh://host", "tcp://host", "unix://", "unix://a/b"]
)
def test_an_engine_url_that_cannot_work_is_refused_at_once(url: str):
    with pytest.raises(ValueError, match="must read unix:///path/to/socket or tcp://host:port"):
        DockerEngine(url)


def texts(engine: DockerEngine, container: str) -> list[str]:
    with engine.logs(container) as lines:
        return [line.text for line in lines]


def fastest(call: Callable[[], object]) -> float:
    """The best of five, in seconds."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)
