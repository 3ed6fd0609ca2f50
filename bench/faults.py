"""Faults: from the request to the bite, and from the end to the verified undo."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import docker
import requests
from docker.models.containers import Container

from bench.containers import bench_containers
from bench.figures import Figure, median

FAULTS = "http://127.0.0.1:8000/api/v1/faults"
SERVICE = "bench/fault-00"
ROUNDS = 5
LEASE_SECONDS = 2
Fault = dict[str, Any]


def measure() -> list[Figure]:
    """Medians in milliseconds, on a container with nothing but loopback."""
    client = docker.from_env()
    with bench_containers(client, 1, "fault") as [target]:
        _wait_for(lambda: _preview().ok)
        raw = median([_raw_pause(target) for _ in range(ROUNDS)])
        return [
            Figure("fault by the engine, request to bite", "ms", _bite("pause"), raw, raw + 200),
            Figure("fault by a sidecar, request to bite", "ms", _bite("packet_loss"), None, 600),
            Figure("undo after the end of the lease", "ms", median(_leases()), None, 500),
            Figure("undo after chaos and its sidecar were killed", "ms", median(_kills(client)), None, 4000),
        ]


def _raw_pause(target: Container) -> float:
    begin = time.perf_counter()
    target.pause()
    milliseconds = (time.perf_counter() - begin) * 1000
    target.unpause()
    return milliseconds


def _bite(kind: str) -> float:
    """As the one who asks waits for it."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        fault = _inject(kind, 60)
        times.append((time.perf_counter() - begin) * 1000)
        requests.delete(f"{FAULTS}/{fault['id']}", timeout=30).raise_for_status()
    return median(times)


def _leases() -> list[float]:
    ended = [_ended(_inject("packet_loss", LEASE_SECONDS)) for _ in range(ROUNDS)]
    return [_milliseconds(fault["ends_at"], fault["undone_at"]) for fault in ended]


def _kills(client: docker.DockerClient) -> list[float]:
    chaos = client.containers.get("incidentops-chaos-1")
    chaos.kill()
    try:
        return [_kill_one(client) for _ in range(ROUNDS)]
    finally:
        chaos.start()


def _kill_one(client: docker.DockerClient) -> float:
    fault = _inject("packet_loss", 60)
    sidecars = client.containers.list(filters={"label": "incidentops.sidecar=fault"})
    [sidecar] = [item for item in sidecars if fault["id"] in item.labels.get("incidentops.fault", "")]
    begin = time.perf_counter()
    sidecar.kill()
    _ended(fault)
    return (time.perf_counter() - begin) * 1000


def _inject(kind: str, lease_seconds: float) -> Fault:
    body = {"service": SERVICE, "fault": kind, "lease_seconds": lease_seconds}
    answer = requests.post(FAULTS, json=body, timeout=30)
    answer.raise_for_status()
    fault: Fault = answer.json()
    return fault


def _preview() -> requests.Response:
    return requests.post(f"{FAULTS}/preview", json={"service": SERVICE, "fault": "pause"}, timeout=30)


def _ended(fault: Fault) -> Fault:
    read: Fault = {}

    def over() -> bool:
        read.update(requests.get(f"{FAULTS}/{fault['id']}", timeout=30).json())
        return read["state"] in ("undone", "failed")

    _wait_for(over)
    return read


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a fault did not come to its end")
        time.sleep(0.01)


def _milliseconds(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds() * 1000
