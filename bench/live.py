"""From the engine's event to the delta in every connected client."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import docker

from bench.containers import bench_containers
from bench.figures import Figure, median, percentile
from bench.sockets import Panel, Panels

SERVICES = 50
PANELS = 50
ROUNDS = 40
_SETTLE_SECONDS = 5.0


def measure() -> list[Figure]:
    """Kill and start services one at a time; the floor is a bare reader of the same event stream."""
    client = docker.from_env()
    with (
        bench_containers(client, SERVICES, "live") as containers,
        _bare_reader(client) as floor,
        Panels(PANELS) as panels,
    ):
        _wait_for_quiet(panels.all[0])
        for number in range(ROUNDS):
            containers[number % SERVICES].kill()
            _wait_for_event(floor, number + 1)
            time.sleep(0.1)  # the pace of the load, not a wait: events must not share a beat
        latencies = _latencies(panels.all, floor)
    what = f"engine event → delta, {SERVICES} services, {PANELS} clients"
    bare = [(seen - happened) / 1e6 for happened, seen in floor.values()]
    return [
        Figure(f"{what}, p50", "ms", median(latencies), median(bare), 15),
        Figure(f"{what}, p99", "ms", percentile(latencies, 99), percentile(bare, 99), 60),
    ]


Floor = dict[str, tuple[int, int]]
"""By service name: when its container died by the engine's clock, and when a bare reader saw it (ns)."""


@contextmanager
def _bare_reader(client: docker.DockerClient) -> Iterator[Floor]:
    seen: Floor = {}
    stream = client.events(decode=True, filters={"event": "die", "label": "incidentops.bench"})

    def read() -> None:
        for event in stream:
            name = event["Actor"]["Attributes"]["incidentops.service"]
            seen[name] = (event["timeNano"], time.time_ns())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield seen
    finally:
        stream.close()


def _latencies(panels: list[Panel], floor: Floor) -> list[float]:
    """Milliseconds from each death to its first delta, for every client; every one must have seen it."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while any(len(_deaths(panel)) < len(floor) for panel in panels):
        if time.monotonic() > deadline:
            raise TimeoutError("a client did not hear of every death")
        time.sleep(0.05)
    return [(at_ns - floor[name][0]) / 1e6 for panel in panels for name, at_ns in _deaths(panel).items()]


def _deaths(panel: Panel) -> dict[str, int]:
    """By plain service name, when this client first heard that it is DOWN."""
    heard: dict[str, int] = {}
    for arrival in list(panel.arrivals):
        name, data = arrival.event() or ("", None)
        if name != "delta":
            continue
        for service in data.get("services", ()):
            if service["status"] == "DOWN" and service["project"] == "bench":
                heard.setdefault(service["name"].removeprefix("bench/"), arrival.at_ns)
    return heard


def _wait_for_quiet(panel: Panel) -> None:
    """Until a whole second brought no service change: the containers' starts have been told."""
    deadline = time.monotonic() + 30
    quiet_since = time.monotonic()
    known = len(panel.arrivals)
    while time.monotonic() - quiet_since < 1 and time.monotonic() < deadline:
        time.sleep(0.05)
        fresh, known = panel.arrivals[known:], len(panel.arrivals)
        if any('"services"' in arrival.text for arrival in fresh):
            quiet_since = time.monotonic()


def _wait_for_event(floor: Floor, count: int) -> None:
    deadline = time.monotonic() + _SETTLE_SECONDS
    while len(floor) < count:
        if time.monotonic() > deadline:
            raise TimeoutError("the engine did not report a death")
        time.sleep(0.001)
