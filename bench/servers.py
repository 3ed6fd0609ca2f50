"""Server processes of a bench: the backend as it ships, its floor, and the peer, each alone and under gunicorn."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from incidentops.testing.containers import free_port

ROOT = Path(__file__).parent.parent
_PEER_LOCK = Path(__file__).parent / "alerta" / "requirements.lock"
_PEER_VENV = ROOT / ".cache" / "alerta"
_PEER = "from alerta.app import create_app; from bench.gunicorn_server import serve; serve(create_app)"
_BOOT_SECONDS = 120


@contextmanager
def floor(database: str) -> Iterator[int]:
    """Flask that inserts one row per request and commits. Gives the port."""
    with _server([sys.executable, "-m", "bench.floor_server"], "/health", BENCH_DATABASE=database) as port:
        yield port


@contextmanager
def backend(database: str, **settings: str) -> Iterator[int]:
    """The backend as it ships, with a state directory of its own. Gives the port."""
    with tempfile.TemporaryDirectory() as state:
        own = {"DATABASE_URL": database, "STATE_DIR": state, "PROJECT": "bench", "LOG_LEVEL": "error"}
        named = {f"INCIDENTOPS_{key}": value for key, value in (own | settings).items()}
        command = [sys.executable, "-m", "incidentops_backend"]
        with _server(command, "/api/v1/incidents", **named) as port:
            yield port


@contextmanager
def alerta(database: str) -> Iterator[int]:
    """The peer, in a virtual environment that is made once from its lock. Gives the port."""
    python = _peer_python()
    with _server([str(python), "-c", _PEER], "/alerts", DATABASE_URL=database) as port:
        yield port


def _peer_python() -> Path:
    python, made = _PEER_VENV / "bin" / "python", _PEER_VENV / "installed"
    if not made.exists() or made.read_bytes() != _PEER_LOCK.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_PEER_VENV)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(_PEER_LOCK)]
        subprocess.run([str(python), *install], check=True)
        made.write_bytes(_PEER_LOCK.read_bytes())
    return python


@contextmanager
def _server(command: list[str], ready: str, **environment: str) -> Iterator[int]:
    port = free_port()
    ports = {"PORT": str(port), "INCIDENTOPS_HTTP_PORT": str(port)}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | ports | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_answers(port, ready)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_it_answers(port: int, path: str) -> None:
    deadline = time.monotonic() + _BOOT_SECONDS
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
