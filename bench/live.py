"""From the engine's event to the delta in every connected client."""

import time

import docker

from bench.containers import bench_containers
from bench.events import Seen, bare_reader
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
        bare_reader(client, ["die"]) as floor,
        Panels(PANELS) as panels,
    ):
        _wait_for_quiet(panels.all[0])
        for number in range(ROUNDS):
            containers[number % SERVICES].kill()
            _wait_for_event(floor, number + 1)
            time.sleep(0.1)  # the pace of the load, not a wait: events must not share a beat
        latencies = _latencies(panels, floor)
    what = f"engine event → delta, {SERVICES} services, {PANELS} clients"
    bare = [(seen - happened) / 1e6 for _, happened, seen in floor]
    return [
        Figure(f"{what}, p50", "ms", median(latencies), median(bare), 15),
        Figure(f"{what}, p99", "ms", percentile(latencies, 99), percentile(bare, 99), 60),
    ]


def _latencies(panels: Panels, floor: Seen) -> list[float]:
    """Milliseconds from each death to its first delta, for every client; every one must have seen it."""
    heard = panels.heard_of([(name, happened) for name, happened, _ in floor])
    if heard.lost:
        raise TimeoutError("a client did not hear of every death")
    return heard.milliseconds


def _wait_for_quiet(panel: Panel) -> None:
    """Until a whole second brought no service change: the containers' starts have been told."""
    deadline = time.monotonic() + 30
    quiet_since = time.monotonic()
    known = len(panel.arrivals)
    while time.monotonic() - quiet_since < 1 and time.monotonic() < deadline:
        time.sleep(0.05)
        fresh, known = panel.arrivals[known:], len(panel.arrivals)
        if any(b'"services"' in arrival.text for arrival in fresh):
            quiet_since = time.monotonic()


def _wait_for_event(floor: Seen, count: int) -> None:
    deadline = time.monotonic() + _SETTLE_SECONDS
    while len(floor) < count:
        if time.monotonic() > deadline:
            raise TimeoutError("the engine did not report a death")
        time.sleep(0.001)
