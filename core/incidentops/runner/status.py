"""A small HTTP server for services without an API: /health, /health/ready and /metrics."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_JSON = "application/json"


@contextmanager
def status_server(port: int, registry: CollectorRegistry, connected: Callable[[], bool]) -> Iterator[int]:
    """Serve until the context is left; yields the port (a free one when 0 was asked for). Raises OSError when
    the port is taken."""
    server = _Server(("0.0.0.0", port), registry, connected)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="status", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], registry: CollectorRegistry, connected: Callable[[], bool]
    ) -> None:
        self.registry, self.connected = registry, connected
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        match self.path:
            case "/health":
                self._answer(HTTPStatus.OK, _JSON, b'{"status":"ok"}')
            case "/health/ready":
                self._ready()
            case "/metrics":
                self._answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self.server.registry))
            case _:
                self._answer(HTTPStatus.NOT_FOUND, _JSON, b'{"known":["/health","/health/ready","/metrics"]}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's parameter
        """Health checks every few seconds are not worth a line."""

    def _ready(self) -> None:
        up = self.server.connected()
        body = {
            "status": "ready" if up else "not ready",
            "dependencies": [{"name": "rabbitmq", "state": "up" if up else "down"}],
        }
        status = HTTPStatus.OK if up else HTTPStatus.SERVICE_UNAVAILABLE
        self._answer(status, _JSON, json.dumps(body).encode())

    def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
