"""`POST /stop` and `/start` against the raw engine calls, alternating in the same run."""

import time
from collections.abc import Callable

import docker
import requests

from bench.containers import bench_containers, unmanaged_container
from bench.figures import Figure, median

API = "http://127.0.0.1:8000"
ROUNDS = 20


def measure() -> list[Figure]:
    """Ratios of medians: the control plane's way over the engine's own."""
    client = docker.from_env()
    session = requests.Session()
    times: dict[str, list[float]] = {"stop": [], "start": [], "raw stop": [], "raw start": []}
    with bench_containers(client, 1, "act"), unmanaged_container(client, "raw") as raw:
        _wait_until_known(session, "bench/act-00")
        for _ in range(ROUNDS):
            times["raw stop"].append(_timed(raw.stop))
            times["stop"].append(_timed(lambda: _post(session, "stop")))
            times["raw start"].append(_timed(raw.start))
            times["start"].append(_timed(lambda: _post(session, "start")))
    return [_ratio(verb, times[verb], times[f"raw {verb}"]) for verb in ("stop", "start")] + [
        Figure(f"POST /{verb}, median", "ms", median(times[verb]), median(times[f"raw {verb}"]), None)
        for verb in ("stop", "start")
    ]


def _ratio(verb: str, ours: list[float], raw: list[float]) -> Figure:
    return Figure(f"POST /{verb} over the raw engine call", "times", median(ours) / median(raw), 1.0, 1.15)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _post(session: requests.Session, verb: str) -> None:
    session.post(f"{API}/{verb}/bench/act-00", timeout=30).raise_for_status()


def _wait_until_known(session: requests.Session, name: str) -> None:
    deadline = time.monotonic() + 10
    while not session.get(f"{API}/api/v1/services/{name}", timeout=5).ok:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is not in the live view")
        time.sleep(0.05)
