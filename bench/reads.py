"""`GET /services` with 100 services: from memory, without an engine call."""

import time

import docker
import requests

from bench.containers import bench_containers
from bench.figures import Figure, median, percentile

API = "http://127.0.0.1:8000"
SERVICES = 100
REQUESTS = 500


def measure() -> list[Figure]:
    """The floor is `/health`, the same server answering nothing."""
    client = docker.from_env()
    session = requests.Session()
    with bench_containers(client, SERVICES, "read"):
        _wait_for(session, SERVICES)
        floor = [_timed(session, "/health") for _ in range(REQUESTS)]
        ours = [_timed(session, "/services") for _ in range(REQUESTS)]
    return [
        Figure(f"GET /services with {SERVICES} services, p50", "ms", median(ours), median(floor), None),
        Figure("GET /services, p99", "ms", percentile(ours, 99), percentile(floor, 99), 10),
    ]


def _timed(session: requests.Session, path: str) -> float:
    begin = time.perf_counter()
    session.get(API + path, timeout=5).raise_for_status()
    return (time.perf_counter() - begin) * 1000


def _wait_for(session: requests.Session, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(session.get(f"{API}/services", timeout=5).json()) < count:
        if time.monotonic() > deadline:
            raise TimeoutError("the live view does not hold every container")
        time.sleep(0.1)
