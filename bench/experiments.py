"""Experiments: from the engine's word of a death to the live view's, as a run's report sees it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import docker
import requests

from bench.containers import bench_containers
from bench.events import Seen, bare_reader
from bench.figures import Figure, median, percentile

API = "http://127.0.0.1:8000/api/v1"
SERVICE = "bench/experiment-00"
ROUNDS = 7
_SECONDS = 30
EXPERIMENT = {
    "name": "bench-a-service-dies",
    "title": "A service of the bench dies",
    "hypothesis": {
        "title": "The API answers",
        "probes": [{"type": "http", "name": "the API answers", "url": "http://backend:8000/health"}],
    },
    "method": [
        {"type": "fault", "name": "kill it", "fault": "kill", "service": SERVICE},
        {"type": "pause", "seconds": 0.3},
    ],
    "blast_radius": {"touch_incidents": True},
}
Report = dict[str, Any]


def measure() -> list[Figure]:
    """Each round is a whole run of an experiment that kills a container."""
    client = docker.from_env()
    with (
        bench_containers(client, 1, "experiment"),
        bare_reader(client, ["die"]) as deaths,
        _kept(EXPERIMENT),
    ):
        found = [_detection_ms(_run(), deaths, number) for number in range(ROUNDS)]
    what = "experiment, engine event → target seen DOWN"
    return [
        Figure(f"{what}, p50", "ms", median(found), None, 50),
        Figure(f"{what}, worst of {ROUNDS}", "ms", percentile(found, 100), None, None),
    ]


@contextmanager
def _kept(document: dict[str, Any]) -> Iterator[None]:
    where = f"{API}/experiments/{document['name']}"
    requests.put(where, json=document, timeout=_SECONDS).raise_for_status()
    try:
        yield
    finally:
        requests.delete(where, timeout=_SECONDS)


def _run() -> Report:
    """The report of one run."""
    begun = requests.post(f"{API}/experiments/{EXPERIMENT['name']}/runs", json={}, timeout=_SECONDS)
    begun.raise_for_status()
    run = f"{API}/runs/{begun.json()['id']}"
    deadline = time.monotonic() + _SECONDS
    while requests.get(run, timeout=_SECONDS).json()["verdict"] is None:
        if time.monotonic() > deadline:
            raise TimeoutError("a run did not come to its end")
        time.sleep(0.05)
    report: Report = requests.get(f"{run}/report.json", timeout=_SECONDS).json()
    return report


def _detection_ms(report: Report, deaths: Seen, number: int) -> float:
    """Milliseconds from the engine's die event of this round to the run's first sighting of it."""
    seen = next(sighting for sighting in report["run"]["sightings"] if not sighting["up"])
    _, happened_ns, _ = deaths[number]
    return datetime.fromisoformat(seen["at"]).timestamp() * 1000 - happened_ns / 1e6
