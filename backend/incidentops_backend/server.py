"""The HTTP server: gunicorn, one process with threads (DESIGN 7), stopping within its grace."""

import gc
import os
import threading
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from incidentops.settings import BackendSettings

if TYPE_CHECKING:
    from incidentops_backend.bootstrap import Backend

THREADS = 128
"""For HTTP, and for clients that poll. WebSockets need none (live/wire)."""

GRACE_SECONDS = 2


_YOUNG_OBJECTS = 5_000
"""How many new objects make the collector look for cycles among them: under 1 MB. Python's own 700 cost intake 6 %."""

APP_LOAD_ERROR = 4
"""The status of a worker after which gunicorn gives up instead of starting another."""


def end_server() -> None:
    """End the whole server at once, from any thread of the worker; it exits with status 4."""
    os._exit(APP_LOAD_ERROR)


def _spare_the_collector() -> None:
    """What stands after boot stays: the collector need not look at it again, nor at every 700 new objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


class ClosingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Closes websockets at SIGTERM: gunicorn alone would wait for them until it is killed (ANCHORS 1)."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.alive:
            threading.Thread(target=self.app.stop, name="stop").start()
        super().handle_exit(sig, frame)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Builds the backend inside the worker process, after the fork: threads do not survive one. `assembly` names
    the module whose `build(settings)` does; the master, which never needs it, saves 80 MB by not importing it."""

    def __init__(self, assembly: str, settings: BackendSettings) -> None:
        self._assembly, self._settings = assembly, settings
        self._backend: Backend | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"0.0.0.0:{self._settings.http_port}",
            "worker_class": ClosingWorker,
            "workers": 1,
            "threads": THREADS,
            "worker_connections": 2048,  # most are kept alive without a thread
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 60,
            "keepalive": 75,
            "worker_tmp_dir": "/dev/shm",  # noqa: S108  # the heartbeat file must never touch a disk
            "control_socket_disable": True,
            "loglevel": "warning",
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        backend: Backend = import_module(self._assembly).build(self._settings)
        self._backend = backend
        backend.start()
        _spare_the_collector()
        return backend.app

    def stop(self) -> None:
        if self._backend:
            self._backend.stop()
