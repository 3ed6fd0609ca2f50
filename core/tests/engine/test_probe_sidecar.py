"""A foreign compose project, probed without joining its network; and what sidecars leave behind."""

import json
import subprocess
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from docker.errors import NotFound

from incidentops.adapters.docker import DockerEngine, sidecar
from incidentops.domain.containers import Container
from incidentops.domain.errors import EngineRefused
from incidentops.domain.labels import COMPOSE_PROJECT, SIDECAR, parse_definition
from incidentops.domain.probes import ProbeResult, parse_probe
from incidentops.testing.engine_docker_world import DockerWorld
from incidentops.testing.engine_world import Kind, eventually, watching

from .conftest import ENGINE_URL

pytestmark = pytest.mark.engine

COMPOSE_FILE = Path(__file__).with_name("foreign.compose.yml")
REDIS = parse_probe("redis://:6379")
OWNED = {"label": [SIDECAR, f"{sidecar.OWNER}=incidentops-test"]}
ASK_FROM_INSIDE = """
import json, sys
from incidentops.adapters.docker import DockerEngine
from incidentops.domain.probes import parse_probe
engine = DockerEngine(probe_image="incidentops/no-such-image:here")
redis = engine.inspect(sys.argv[1])
print(json.dumps([engine.probe(redis, parse_probe(text)).alive for text in sys.argv[2:]]))
"""


@pytest.fixture(scope="module")
def project() -> Iterator[str]:
    name = f"engine-foreign-{uuid.uuid4().hex[:6]}"
    compose = ["docker", "compose", "--project-name", name, "--file", str(COMPOSE_FILE)]
    subprocess.run([*compose, "up", "--detach", "--quiet-pull"], check=True, capture_output=True)
    yield name
    down = [*compose, "down", "--volumes", "--timeout", "0"]
    subprocess.run(down, check=True, capture_output=True)


@pytest.fixture
def world(engine_image: str) -> Iterator[DockerWorld]:
    world = DockerWorld(ENGINE_URL, engine_image)
    yield world
    world.close()


@pytest.fixture
def service(world: DockerWorld, project: str) -> Callable[[str], Container]:
    """Finds a container of the foreign project by its service's name."""

    def find(name: str) -> Container:
        listed = [item for item in world.engine.list() if item.labels.get(COMPOSE_PROJECT) == project]
        return next(item for item in listed if parse_definition(item.labels, item.name).name == name)

    return find


def sidecars(world: DockerWorld) -> list[str]:
    return [item["Id"] for item in world.client.containers(all=True, filters=OWNED)]


@pytest.mark.parametrize("name", ["redis", "redis-locked", "postgres", "rabbitmq"])
def test_a_foreign_service_is_alive_by_its_own_protocol(
    world: DockerWorld, service: Callable[[str], Container], name: str
):
    container = service(name)
    definition = parse_definition(container.labels, container.name)
    assert definition.probe is not None
    spec = definition.probe
    results: list[ProbeResult] = []

    def alive() -> bool:
        results.append(world.engine.probe(container, spec))
        return results[-1].alive

    eventually(alive, f"{name} answers", 60)
    assert results[-1].duration_ms < 2000
    assert sidecars(world) == []


def test_a_protocol_the_service_does_not_speak_is_not_alive(
    world: DockerWorld, service: Callable[[str], Container]
):
    assert not world.engine.probe(service("redis"), parse_probe("amqp://:6379")).alive


def test_a_foreign_network_is_never_joined(
    world: DockerWorld, service: Callable[[str], Container], project: str
):
    members = world.client.inspect_network(f"{project}_default")["Containers"].keys()
    assert world.engine.probe(service("redis"), REDIS).alive
    assert world.client.inspect_network(f"{project}_default")["Containers"].keys() == members


def test_a_stopped_process_is_not_alive_and_is_again_when_it_goes_on(
    world: DockerWorld, service: Callable[[str], Container]
):
    redis = service("redis")
    world.engine.kill(redis.id, "SIGSTOP")
    try:
        result = world.engine.probe(redis, REDIS, timeout_seconds=0.5)
        assert world.engine.inspect(redis.id).running
        assert (result.alive, result.detail) == (False, "no answer within 0.5 s")
    finally:
        world.engine.kill(redis.id, "SIGCONT")
    assert world.engine.probe(redis, REDIS).alive


def test_a_foreign_service_is_controlled_like_our_own(
    world: DockerWorld, service: Callable[[str], Container]
):
    redis = service("redis")
    with watching(world.engine) as watcher:
        world.engine.stop(redis.id)
        watcher.until(redis.id, "die")
    assert not world.engine.probe(redis, REDIS).alive
    world.engine.start(redis.id)
    eventually(lambda: world.engine.probe(world.engine.inspect(redis.id), REDIS).alive)


def test_a_sidecar_may_do_nothing_but_ask(world: DockerWorld):
    silent = world.engine.inspect(world.run("redis", Kind.SILENT))
    asking = threading.Thread(target=world.engine.probe, args=[silent, REDIS, 3.0])
    asking.start()
    eventually(lambda: bool(sidecars(world)))
    facts = world.client.inspect_container(sidecars(world)[0])
    asking.join()
    host = facts["HostConfig"]
    assert host["NetworkMode"] == f"container:{silent.id}"
    assert (host["CapDrop"], host["CapAdd"], host["Privileged"]) == (["ALL"], None, False)
    assert host["SecurityOpt"] == ["no-new-privileges"]
    assert host["ReadonlyRootfs"] is True
    assert host["Memory"] == 64 << 20
    assert not host["Binds"]
    assert facts["Config"]["User"] == "65534:65534"
    assert sidecars(world) == []


def test_sidecars_are_no_managed_services_and_cause_no_events(world: DockerWorld):
    redis = world.engine.inspect(world.run("redis", Kind.REDIS))
    with watching(world.engine) as watcher:
        assert world.engine.probe(redis, REDIS).alive
        world.engine.pause(redis.id)
        seen = [watcher.next()]
        while seen[-1].container_id != redis.id:  # other containers of this engine have their own lives
            seen.append(watcher.next())
    assert not [event for event in seen if SIDECAR in event.labels]


@pytest.mark.parametrize("image", ["incidentops/no-such-image:here", "incidentops/base:trixie"])
def test_a_probe_that_cannot_be_asked_says_nothing_about_the_service(world: DockerWorld, image: str):
    """The first image does not exist, the second holds no Python."""
    redis = world.engine.inspect(world.run("redis", Kind.REDIS))
    engine = DockerEngine(ENGINE_URL, project="incidentops-test", probe_image=image)
    with pytest.raises(EngineRefused):
        engine.probe(redis, REDIS)
    engine.close()
    assert sidecars(world) == []


def test_what_a_killed_backend_left_behind_is_reaped_and_younger_ones_are_not(
    world: DockerWorld, engine_image: str, monkeypatch: pytest.MonkeyPatch
):
    labels = {SIDECAR: "probe", sidecar.OWNER: "incidentops-test"}
    left = world.client.create_container(engine_image, ["sleep", "60"], labels=labels)["Id"]
    world.client.start(left)
    try:
        assert world.engine.reap_sidecars() == 0
        monkeypatch.setattr(sidecar, "LEFT_BEHIND_SECONDS", -5)
        assert world.engine.reap_sidecars() == 1
        assert sidecars(world) == []
    finally:
        with suppress(NotFound):
            world.client.remove_container(left, force=True)


def test_a_backend_in_the_same_network_asks_directly(
    world: DockerWorld, engine_image: str, service: Callable[[str], Container], project: str
):
    """It has no image for sidecars, so an answer proves that it used none."""
    command = ["docker", "run", "--rm", "--network", f"{project}_default"]
    command += ["--volume", "/var/run/docker.sock:/var/run/docker.sock", engine_image]
    command += [
        "python3",
        "-c",
        ASK_FROM_INSIDE,
        service("redis").id,
        "redis://:6379",
        "tcp://:6379",
        "tcp://:1",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, True, False]


def test_a_backend_in_another_network_cannot_ask_directly(
    world: DockerWorld, engine_image: str, service: Callable[[str], Container]
):
    command = ["docker", "run", "--rm", "--volume", "/var/run/docker.sock:/var/run/docker.sock", engine_image]
    command += ["python3", "-c", ASK_FROM_INSIDE, service("redis").id, "redis://:6379"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "No such image: incidentops/no-such-image:here" in done.stderr
