"""Requests in a stream, from a process of their own: one thread on bare sockets, so that the sender costs the machine
next to nothing of what is measured."""

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

NUMBER = "@NUMBER@"
"""Stands for the number of the request in a body."""

TAKEN = (b"HTTP/1.1 200", b"HTTP/1.1 201")
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"
_READ_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Load:
    """POSTs of `body` over so many kept connections for so many seconds; each connection has one under way.
    `per_second` None: as fast as they are answered. `first`: the number of the first request."""

    port: int
    path: str
    body: str
    connections: int
    seconds: float
    per_second: float | None = None
    first: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of a load: the times from sending to the whole answer, and how long all of it took."""

    milliseconds: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds


def send(load: Load) -> Answers:
    """Send it from a process of its own. Raises RuntimeError for any answer but 200 and 201."""
    return begin(load).wait()


class Sending:
    """A load under way."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def wait(self) -> Answers:
        """As `send`."""
        out, problem = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(problem.strip().splitlines()[-1])
        return Answers(**json.loads(out))


def begin(load: Load) -> Sending:
    """Start to send and return."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__)), json.dumps(asdict(load))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return Sending(process)


class _Connection:
    """One request after another on one socket."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sent_at = 0.0
        self._unread = b""

    def send(self, request: bytes) -> None:
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> float | None:
        """Read what is there; the milliseconds the answer took once it is whole."""
        self._unread += self.socket.recv(_READ_BYTES)
        head, end, body = self._unread.partition(_END_OF_HEAD)
        if not end or len(body) < _length(head):
            return None
        if not head.startswith(TAKEN):
            raise RuntimeError(f"answered {self._unread[:300]!r}")
        self._unread = b""
        return (time.perf_counter() - self._sent_at) * 1000


class _Sender:
    """Keeps all connections busy, or as busy as the pace allows."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._requests = _Requests(load)
        self._selector = selectors.DefaultSelector()
        self._idle = [_Connection(load.port) for _ in range(load.connections)]
        for connection in self._idle:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        self._times: list[float] = []
        self._sent = 0

    def run(self) -> Answers:
        begin = time.perf_counter()
        while (now := time.perf_counter() - begin) < self._load.seconds:
            self._send_due(now)
            self._receive(0.001 if self._load.per_second else 1.0)
        while len(self._times) < self._sent:
            self._receive(30.0)
        return Answers(self._times, time.perf_counter() - begin)

    def _send_due(self, now: float) -> None:
        pace = self._load.per_second
        while self._idle and (pace is None or self._sent < now * pace):
            self._idle.pop().send(self._requests.numbered(self._sent))
            self._sent += 1

    def _receive(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            took = key.data.receive()
            if took is not None:
                self._times.append(took)
                self._idle.append(key.data)


class _Requests:
    """Head and body with a number put in."""

    def __init__(self, load: Load) -> None:
        self._first = load.first
        self._head = (
            f"POST {load.path} HTTP/1.1\r\nHost: 127.0.0.1:{load.port}\r\nContent-Type: application/json\r\n"
        ).encode()
        self._parts = load.body.encode().split(NUMBER.encode())

    def numbered(self, place: int) -> bytes:
        body = str(self._first + place).encode().join(self._parts)
        return b"%sContent-Length: %d%s%s" % (self._head, len(body), _END_OF_HEAD, body)


def _length(head: bytes) -> int:
    return int(head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0])


if __name__ == "__main__":
    print(json.dumps(asdict(_Sender(Load(**json.loads(sys.argv[1]))).run())))
