"""Many panels at once: how late they hear of a change, how many are lost, and what HTTP costs meanwhile.

The panels live in a process of their own, so that the work of reading them is not the backend's.
"""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Event, Thread

import docker
import requests
from docker.models.containers import Container

from bench.containers import bench_containers
from bench.events import Seen, bare_reader
from bench.figures import Figure, percentile
from bench.sockets import Heard, Panels

ORIGIN = "127.0.0.1:8000"
SERVICES = 20
ROUNDS = 40
PERIOD_SECONDS = 0.5
HTTP_PAUSE_SECONDS = 0.05
_PATIENCE_SECONDS = 120.0

_LIMITS = {200: (60, 50), 1000: (300, 100)}
"""By number of clients: p99 of the delta and of HTTP, in milliseconds."""


def measure() -> Iterator[Figure]:
    """A change every half second, each client looking at twenty cards with their statistics every second. The
    floors are one client alone and, for HTTP, nobody connected."""
    client = docker.from_env()
    with bench_containers(client, SERVICES, "crowd") as containers, bare_reader(client, _ACTIONS) as seen:
        _, quiet_http = _load(containers, seen, 0)
        alone, _ = _load(containers, seen, 1)
        for count in _LIMITS:
            yield from _figures(count, *_load(containers, seen, count), alone, quiet_http)


_ACTIONS = ("pause", "unpause")


def _figures(
    count: int, heard: Heard, http: list[float], alone: Heard, quiet_http: list[float]
) -> Iterator[Figure]:
    delta_limit, http_limit = _LIMITS[count]
    late, floor = percentile(heard.milliseconds, 99), percentile(alone.milliseconds, 99)
    yield Figure(f"{count} clients, lost or incomplete", "clients", heard.lost, 0, 0)
    yield Figure(f"{count} clients, engine event → delta, p99", "ms", late, floor, delta_limit)
    yield Figure(f"{count} clients, GET /services meanwhile, p99", "ms", percentile(http, 99),
                 percentile(quiet_http, 99), http_limit)  # fmt: skip


def _load(containers: Sequence[Container], seen: Seen, count: int) -> tuple[Heard, list[float]]:
    with _http_requests() as http, _panels(count) as panels:
        seen.clear()
        http.clear()
        _change_state(containers)
        panels.send([(name, at_ns) for name, at_ns, _ in seen])
        heard: Heard = panels.recv()
    return heard, http


def _change_state(containers: Sequence[Container]) -> None:
    """One container after the other is frozen, then thawed again in the same order."""
    begin = time.monotonic()
    for number in range(ROUNDS):
        container = containers[number % SERVICES]
        container.pause() if number // SERVICES % 2 == 0 else container.unpause()
        time.sleep(max(0.0, begin + (number + 1) * PERIOD_SECONDS - time.monotonic()))


@contextmanager
def _http_requests() -> Iterator[list[float]]:
    """One program that reads the services again and again."""
    times: list[float] = []
    stop = Event()

    def ask() -> None:
        with requests.Session() as session:
            while not stop.wait(HTTP_PAUSE_SECONDS):
                begin = time.perf_counter()
                session.get(f"http://{ORIGIN}/services", timeout=30).raise_for_status()
                times.append((time.perf_counter() - begin) * 1000)

    thread = Thread(target=ask)
    thread.start()
    try:
        yield times
    finally:
        stop.set()
        thread.join()


@contextmanager
def _panels(count: int) -> Iterator[Connection]:
    """A process with so many connected panels. Send it the changes, and it answers what was heard of them."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_listen, args=(theirs, count, ORIGIN), daemon=True)
    process.start()
    try:
        if not ours.poll(_PATIENCE_SECONDS):
            raise TimeoutError(f"{count} clients could not connect")
        ours.recv()
        yield ours
    finally:
        ours.close()
        process.join(_PATIENCE_SECONDS)


def _listen(control: Connection, count: int, origin: str) -> None:
    """Runs in the panels' process."""
    with Panels(count, origin) as panels:
        for panel in panels.all:
            panel.send("watch", {"services": [f"bench/crowd-{number:02}" for number in range(SERVICES)]})
        control.send("connected")
        changes = control.recv()
        control.send(panels.heard_of(changes))
