"""Alerts in: one at a time and by the hundred, against a minimal server that only inserts, and against Alerta."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg

from bench.figures import Figure, percentile
from incidentops.testing.containers import free_port
from incidentops.testing.store_containers import running_postgres

CONNECTIONS = 16
SECONDS = 8.0
GROUP = 100
FLOOR = Path(__file__).with_name("floor_server.py")
ALERTA = os.environ.get("ALERTA_VENV", "")
"""A virtual environment with alerta-server in it; without one the peer is left out."""

Body = Callable[[int], bytes]


def measure() -> list[Figure]:
    """Each server in turn, alone, with fsync on."""
    with running_postgres("bench-intake") as postgres:
        with _server([sys.executable, str(FLOOR)], postgres.url) as port:
            floor = _rate(port, "/alerts", _single)
        with _backend(postgres.url) as port:
            single = _rate(port, "/api/v1/alerts", _single)
            grouped = _rate(port, "/api/v1/ingest/alertmanager", _webhook, connections=4) * GROUP
            listing = _latency(port, "/api/v1/incidents?status=open")
        rows = _stored(postgres.url)
    alerta = _alerta()
    figures = [
        Figure("POST /api/v1/alerts, 16 connections", "alerts/s", single, floor, 0.8 * floor, at_least=True),
        Figure("webhooks of 100 new alerts", "alerts/s", grouped, None, 10_000, at_least=True),
        Figure(f"list of incidents at {rows} alerts, p99", "ms", listing, None, 50),
    ]
    if alerta:
        figures.append(Figure("the same over Alerta", "times", single / alerta, alerta, 8, at_least=True))
    return figures


def _single(number: int) -> bytes:
    """New alerts of a hundred services."""
    return json.dumps(
        {
            "service": f"billing-{number % 100}",
            "severity": "high",
            "message": "HTTP 5xx error rate > 10%",
            "labels": {"env": "production", "number": str(number)},
        }
    ).encode()


def _webhook(number: int) -> bytes:
    alerts = [
        {
            "status": "firing",
            "labels": {"alertname": "HighLatency", "service": f"redis-{at}", "severity": "warning"},
            "annotations": {"summary": "redis is slow"},
            "startsAt": "2026-01-01T00:00:00Z",
            "fingerprint": f"{number:x}-{at:x}",
        }
        for at in range(GROUP)
    ]
    return json.dumps({"version": "4", "groupKey": "{}", "truncatedAlerts": 0, "alerts": alerts}).encode()


def _alerta_body(number: int) -> bytes:
    return json.dumps(
        {
            "resource": f"billing-{number}",
            "event": "HighLatency",
            "environment": "Production",
            "severity": "major",
            "service": ["billing"],
            "text": "HTTP 5xx error rate > 10%",
        }
    ).encode()


def _alerta() -> float | None:
    """On a server of its own: its tables have the names of ours."""
    if not ALERTA:
        return None
    start = "from alerta.app import create_app; from bench.floor_server import serve; serve(create_app())"
    command = [f"{ALERTA}/bin/python", "-c", start]
    with (
        running_postgres("bench-alerta") as postgres,
        _server(command, postgres.url, "/alerts", DATABASE_URL=postgres.url) as port,
    ):
        return _rate(port, "/alert", _alerta_body)


@contextmanager
def _backend(database: str) -> Iterator[int]:
    """The backend as it ships, on a Postgres and a state directory of its own."""
    with tempfile.TemporaryDirectory() as state:
        settings = {"DATABASE_URL": database, "STATE_DIR": state, "PROJECT": "bench", "LOG_LEVEL": "error"}
        named = {f"INCIDENTOPS_{key}": value for key, value in settings.items()}
        with _server(
            [sys.executable, "-m", "incidentops_backend"], database, "/api/v1/alerts", **named
        ) as port:
            yield port


@contextmanager
def _server(command: list[str], database: str, ready: str = "/health", **environment: str) -> Iterator[int]:
    """A server process on a port of its own that answers `ready`, ended when the block is left."""
    port = free_port()
    names = {"PORT": str(port), "INCIDENTOPS_HTTP_PORT": str(port), "BENCH_DATABASE": database}
    process = subprocess.Popen(
        command, env=os.environ | names | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_it_answers(port, ready)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_it_answers(port: int, path: str) -> None:
    deadline = time.monotonic() + 60
    while not _answers(port, path):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing answers {path}")
        time.sleep(0.1)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _rate(port: int, path: str, body: Body, connections: int = CONNECTIONS) -> float:
    """Requests per second that were answered with 2xx; anything else ends the bench."""
    numbers = iter(range(1_000_000_000))
    counts = [0] * connections
    refusals: list[int] = []
    end = time.monotonic() + SECONDS

    def send(place: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", path, body(next(numbers)), headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in {200, 201}:
                refusals.append(answer.status)
                return
            counts[place] += 1

    threads = [threading.Thread(target=send, args=[place]) for place in range(connections)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refusals:
        raise RuntimeError(f"{path} answered {refusals[0]}")
    return sum(counts) / (time.monotonic() - begin)


def _latency(port: int, path: str) -> float:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for _ in range(300):
        begin = time.perf_counter()
        connection.request("GET", path)
        connection.getresponse().read()
        times.append((time.perf_counter() - begin) * 1000)
    return percentile(times, 99)


def _stored(database: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT count(*) FROM alerts").fetchone()
        return int(row[0]) if row else 0
