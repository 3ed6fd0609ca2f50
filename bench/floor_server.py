"""The floor for intake: Flask that inserts one row per request and commits, under the server the backend runs on."""

import os
import signal
from typing import Any

from flask import Flask, Response, jsonify, request
from gunicorn.app.base import BaseApplication
from psycopg.types.json import Jsonb
from psycopg_pool import ConnectionPool


class Floor(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """One process with threads, as the backend."""

    def __init__(self, app: Any) -> None:
        self._app = app
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
        return self._app() if not isinstance(self._app, Flask) else self._app


def create_floor() -> Flask:
    """Made in the worker, after the fork."""
    app = Flask(__name__)
    pool = ConnectionPool(os.environ["BENCH_DATABASE"], min_size=8, max_size=8, open=True)
    with pool.connection() as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, alert jsonb NOT NULL)"
        )

    @app.get("/health")
    def health() -> Response:
        return jsonify({})

    @app.post("/alerts")
    def insert() -> Response:
        with pool.connection() as connection:
            connection.execute("INSERT INTO floor (alert) VALUES (%s)", [Jsonb(request.get_json())])
        return jsonify({})

    return app


def serve(app: Any) -> None:
    """Serve an application, or what makes one, until SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Floor(app).run()


if __name__ == "__main__":
    serve(create_floor)
