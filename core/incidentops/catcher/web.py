"""The side that speaks HTTP: takes every POST, and shows what was caught."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from incidentops.catcher.letters import Letter, Letters

MOST_BYTES = 1024 * 1024
Answer = Callable[[str], int]
"""The status for a POST to this path."""


class WebCatcher:
    """POST anywhere is caught; `GET /letters` shows all as JSON, `DELETE /letters` forgets them, `GET /health`
    answers. `answer` may refuse, for tests of failing channels."""

    def __init__(
        self, letters: Letters, host: str, port: int, answer: Answer = lambda _: HTTPStatus.OK
    ) -> None:
        handler = type("Handler", (_Handler,), {"letters": letters, "answer": staticmethod(answer)})
        self._server = ThreadingHTTPServer((host, port), handler)
        self._thread = Thread(target=self._server.serve_forever, name="web-catcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    letters: Letters
    answer: Answer

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"taken": False})
            return
        body = self.rfile.read(length).decode("utf-8", "replace")
        status = self.answer(self.path)
        if status < HTTPStatus.MULTIPLE_CHOICES:
            self.letters.put(
                Letter(datetime.now(UTC), "webhook", self.path, dict(self.headers.items()), body)
            )
        self._reply(status, {"taken": status < HTTPStatus.MULTIPLE_CHOICES})

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/letters":
            self._reply(HTTPStatus.OK, [asdict(letter) for letter in self.letters.all()])
        elif path in ("/", "/health"):
            self._reply(HTTPStatus.OK, {"status": "ok", "letters": len(self.letters.all())})
        else:
            self._reply(HTTPStatus.NOT_FOUND, {"known": ["/letters", "/health"]})

    def do_DELETE(self) -> None:
        self.letters.clear()
        self._reply(HTTPStatus.OK, {"letters": 0})

    def log_message(self, *_: object) -> None:
        """Paths may hold tokens; nothing is logged."""

    def _reply(self, status: int, document: object) -> None:
        body = json.dumps(document, default=str).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
