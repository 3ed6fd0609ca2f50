"""Reaching an engine: its API version, its refusals and its absence."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from incidentops.adapters.docker import DockerEngine
from incidentops.adapters.docker.address import EngineAddress
from incidentops.adapters.docker.client import TESTED_API, pinned_version
from incidentops.domain.errors import ContainerGone, EngineRefused, Unavailable

Answer = tuple[int, object]


@contextmanager
def engine_saying(answer: Callable[[str], Answer]) -> Iterator[str]:
    """An HTTP server on 127.0.0.1 that answers each GET path; gives its URL."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(self.path)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("offered", "spoken"), [("1.41", "1.41"), (TESTED_API, TESTED_API), ("1.99", TESTED_API)]
)
def test_the_api_version_is_the_engines_but_never_newer_than_tested(offered: str, spoken: str):
    with engine_saying(lambda _: (200, {"ApiVersion": offered})) as url:
        assert pinned_version(EngineAddress.parse(url), 2.0) == spoken


@pytest.mark.parametrize(
    ("status", "words", "error"),
    [
        (404, "No such container: redis", ContainerGone),
        (404, "network billing not found", EngineRefused),
        (409, "removal in progress", EngineRefused),
        (500, "driver failed", EngineRefused),
    ],
)
def test_a_refusal_carries_the_engines_words(status: int, words: str, error: type[Exception]):
    def answer(path: str) -> Answer:
        return (200, {"ApiVersion": "1.45"}) if path == "/version" else (status, {"message": words})

    with engine_saying(answer) as url:
        engine = DockerEngine(url)
        with pytest.raises(error, match=words):
            engine.inspect("redis")
        engine.close()


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///no/such/engine.sock"])
def test_nobody_there_is_said_in_plain_words(url: str):
    engine = DockerEngine(url)
    with pytest.raises(
        Unavailable, match=r"engine is not available: (Connection refused|No such file or directory)$"
    ):
        engine.list()
    engine.close()


@pytest.mark.parametrize("hello", [["hello"], {"hello": "world"}, "hello", None])
def test_something_that_is_no_engine_is_said_to_be_none(hello: object):
    with engine_saying(lambda _: (200, hello)) as url:
        engine = DockerEngine(url)
        with pytest.raises(EngineRefused, match="is no Docker engine"):
            engine.list()
        engine.close()
