"""The probe clients, each against a server that answers with given bytes."""

import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from incidentops.adapters.probes import ask
from incidentops.domain.probes import HEALTHCHECK, ProbeResult, ProbeSpec, Protocol, parse_probe

Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve) -> Iterator[int]:
    """One connection on a free port of 127.0.0.1, served in a thread and closed afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve_one, args=[listening, serve])
        thread.start()
        yield listening.getsockname()[1]
        thread.join(5)


def _serve_one(listening: socket.socket, serve: Serve) -> None:
    connection, _ = listening.accept()
    with connection:
        serve(connection)


def answering(answer: bytes) -> Serve:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)

    return serve


def asked(protocol: Protocol, answer: bytes, path: str = "/") -> ProbeResult:
    with server(answering(answer)) as port:
        return ask(ProbeSpec(protocol, port, path), "127.0.0.1", 2.0)


def postgres_error(code: str, message: str) -> bytes:
    body = b"".join((b"SFATAL\0C", code.encode(), b"\0M", message.encode(), b"\0\0"))
    return b"E" + struct.pack("!I", len(body) + 4) + body


AMQP_START = struct.pack("!BHIHH", 1, 0, 12, 10, 10) + b"\0" * 9

ANSWERS: dict[str, tuple[Protocol, bytes, bool]] = {
    "redis pong": (Protocol.REDIS, b"+PONG\r\n", True),
    "redis wants a password": (Protocol.REDIS, b"-NOAUTH Authentication required.\r\n", True),
    "redis loads its data": (Protocol.REDIS, b"-LOADING Redis is loading the dataset in memory\r\n", False),
    "redis is no redis": (Protocol.REDIS, b"HTTP/1.1 400 Bad Request\r\n", False),
    "http 200": (Protocol.HTTP, b"HTTP/1.1 200 OK\r\n\r\n", True),
    "http 204 without a phrase": (Protocol.HTTP, b"HTTP/1.0 204\r\n\r\n", True),
    "http 302": (Protocol.HTTP, b"HTTP/1.1 302 Found\r\n\r\n", True),
    "http 401 is a challenge": (Protocol.HTTP, b"HTTP/1.1 401 Unauthorized\r\n\r\n", True),
    "http 403 is a challenge": (Protocol.HTTP, b"HTTP/1.1 403 Forbidden\r\n\r\n", True),
    "http 404": (Protocol.HTTP, b"HTTP/1.1 404 Not Found\r\n\r\n", False),
    "http 500": (Protocol.HTTP, b"HTTP/1.1 500 Internal Server Error\r\n\r\n", False),
    "http 503": (Protocol.HTTP, b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
    "http is no http": (Protocol.HTTP, b"SSH-2.0-OpenSSH_9.2\r\n", False),
    "http nonsense": (Protocol.HTTP, b"HTTP/1.1 abc\r\n", False),
    "postgres asks for a password": (Protocol.POSTGRES, b"R\0\0\0\x08\0\0\0\x05", True),
    "postgres knows no such role": (Protocol.POSTGRES, postgres_error("28000", "no such role"), True),
    "postgres refuses the password": (Protocol.POSTGRES, postgres_error("28P01", "wrong password"), True),
    "postgres is starting up": (Protocol.POSTGRES, postgres_error("57P03", "starting up"), False),
    "postgres is shutting down": (Protocol.POSTGRES, postgres_error("57P01", "shutting down"), False),
    "postgres with an endless error": (Protocol.POSTGRES, b"E\x7f\xff\xff\xff", False),
    "postgres is no postgres": (Protocol.POSTGRES, b"-ERR unknown command\r\n", False),
    "amqp starts": (Protocol.AMQP, AMQP_START, True),
    "amqp refuses the version": (Protocol.AMQP, b"AMQP\0\0\x09\x01", False),
    "amqp closes at once": (Protocol.AMQP, struct.pack("!BHIHH", 1, 0, 4, 10, 50), False),
    "amqp is no amqp": (Protocol.AMQP, b"HTTP/1.1 400 Bad Request\r\n", False),
    "nothing at all": (Protocol.REDIS, b"", False),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_is_judged_by_its_protocol(case: str):
    protocol, answer, alive = ANSWERS[case]
    result = asked(protocol, answer)
    assert result.alive is alive, result.detail
    assert result.detail


def test_the_detail_carries_the_services_own_words():
    assert asked(Protocol.POSTGRES, postgres_error("57P03", "starting up")).detail == "57P03 starting up"
    assert asked(Protocol.HTTP, b"HTTP/1.1 503 Service Unavailable\r\n\r\n").detail.endswith(
        "503 Service Unavailable"
    )


def test_tcp_is_alive_when_the_port_accepts():
    with server(lambda _: None) as port:
        assert ask(ProbeSpec(Protocol.TCP, port), "127.0.0.1", 2.0).alive


def test_a_closed_port_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    result = ask(ProbeSpec(Protocol.TCP, port), "127.0.0.1", 2.0)
    assert (result.alive, result.detail) == (False, "connection refused")


@pytest.mark.parametrize("protocol", [Protocol.REDIS, Protocol.HTTP, Protocol.POSTGRES, Protocol.AMQP])
def test_a_server_that_never_answers_costs_no_more_than_the_deadline(protocol: Protocol):
    """The kernel accepts for a stopped process, so only the protocol's silence shows it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        began = time.monotonic()
        result = ask(ProbeSpec(protocol, listening.getsockname()[1]), "127.0.0.1", 0.3)
    assert (result.alive, result.detail) == (False, "no answer within 0.3 s")
    assert time.monotonic() - began < 1.0


def test_a_server_that_drips_cannot_stretch_the_deadline():
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        while not over.wait(0.05):
            connection.sendall(b"x")

    with server(drip) as port:
        began = time.monotonic()
        result = ask(ProbeSpec(Protocol.HTTP, port), "127.0.0.1", 0.4)
        over.set()
    assert not result.alive
    assert 0.3 < time.monotonic() - began < 1.0


def test_a_path_cannot_smuggle_a_second_request():
    heard: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with server(listen) as port:
        ask(ProbeSpec(Protocol.HTTP, port, "/ü\r\nX-Evil: 1"), "127.0.0.1", 2.0)
    assert heard[0].startswith(b"GET /%C3%BC%0D%0AX-Evil:%201 HTTP/1.1\r\n")


def test_a_health_probe_is_not_asked_of_the_service():
    with pytest.raises(ValueError, match="asked of the engine"):
        ask(HEALTHCHECK, "127.0.0.1", 1.0)


def test_the_sidecars_program_prints_the_result_as_json():
    with server(answering(b"+PONG\r\n")) as port:
        probe = str(ProbeSpec(Protocol.REDIS, port))
        command = [sys.executable, "-m", "incidentops.adapters.probes", probe, "127.0.0.1", "2"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    assert parse_probe(probe).port == port
    result = ProbeResult(**json.loads(done.stdout))
    assert (result.alive, result.detail) == (True, "+PONG")


def test_the_sidecars_program_asks_nothing_but_an_ip_address():
    command = [sys.executable, "-m", "incidentops.adapters.probes", "redis://:6379", "example.com", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode != 0
    assert "example.com" in done.stderr
