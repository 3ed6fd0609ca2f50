"""A hundred managed containers, twenty of them watched: what backend and engine spend on it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import docker
import psutil
import requests

from bench.containers import bench_containers
from bench.figures import Figure
from bench.sockets import Panels

ORIGIN = "127.0.0.1:8000"
CONTAINERS, WATCHED = 100, 20
WINDOW_SECONDS = 20.0
SETTLE_SECONDS = 5.0
_ENGINE = frozenset({"dockerd", "containerd"})


@dataclass(frozen=True, slots=True)
class Spent:
    """Percent of one core in a window of time."""

    backend: float
    engine: float


def measure() -> Iterator[Figure]:
    """The floors are the same backend and engine with the containers there and nobody watching."""
    client = docker.from_env()
    backend = _backend(client)
    with bench_containers(client, CONTAINERS, "hundred"):
        _wait_until_known(CONTAINERS)
        time.sleep(SETTLE_SECONDS)
        idle = _spent(backend)
        with Panels(1, ORIGIN) as panels:
            names = [f"bench/hundred-{number:02}" for number in range(WATCHED)]
            panels.all[0].send("watch", {"services": names})
            watched = _spent(backend)
        memory = sum(process.memory_full_info().pss for process in backend)
    yield Figure("100 containers, 20 watched: backend", "% of core", watched.backend, idle.backend, 5)
    yield Figure("100 containers, 20 watched: engine", "% of core", watched.engine, idle.engine, None)
    yield Figure("100 containers, 20 watched: engine over idle", "times",
                 watched.engine / max(idle.engine, 0.1), 1, 2)  # fmt: skip
    yield Figure("100 containers, 20 watched: backend's memory", "MB", memory / 1e6, None, 150)


def _backend(client: docker.DockerClient) -> list[psutil.Process]:
    """Every process of the backend's container."""
    pid = client.containers.get("incidentops-backend-1").attrs["State"]["Pid"]
    first = psutil.Process(pid)
    return [first, *first.children(recursive=True)]


def _spent(backend: list[psutil.Process]) -> Spent:
    engine = [process for process in psutil.process_iter(["name"]) if process.info["name"] in _ENGINE]
    before = _seconds(backend), _seconds(engine)
    begin = time.monotonic()
    time.sleep(WINDOW_SECONDS)
    share = 100 / (time.monotonic() - begin)
    return Spent((_seconds(backend) - before[0]) * share, (_seconds(engine) - before[1]) * share)


def _seconds(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(time.user + time.system for time in times)


def _wait_until_known(count: int) -> None:
    deadline = time.monotonic() + 60
    while len(requests.get(f"http://{ORIGIN}/services", timeout=5).json()) < count:
        if time.monotonic() > deadline:
            raise TimeoutError("the live view does not hold every container")
        time.sleep(0.2)
