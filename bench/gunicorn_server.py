"""Serves any application as the backend is served: gunicorn, one process with threads."""

import os
import signal
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """On the port that the environment names."""

    def __init__(self, create_app: Callable[[], Any]) -> None:
        self._create_app = create_app
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"127.0.0.1:{os.environ['PORT']}",
            "worker_class": "gthread",
            "workers": 1,
            "threads": 32,
            "keepalive": 75,
            "loglevel": "error",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._create_app()


def serve(create_app: Callable[[], Any]) -> None:
    """Serve what is made in the worker, after the fork, until SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Server(create_app).run()
