"""Delays TCP where the kernel can delay nothing: new connections are redirected to us, and we pass them on late.

A connection reaches the service late, and so does all that the client says; answers go back at once. The service sees
an address of its own as the client's. Connections that were open before know nothing of us.
"""

import heapq
import itertools
import random
import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from .stream import Connection

_ORIGINAL_DESTINATION = 80
_SOCKET_ADDRESS = struct.Struct(">2xH4s8x")
_BEAT_SECONDS = 0.1
_EVER = float("inf")
_TRIES = 3
_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE

Action = Callable[[], None]


class Proxy:
    """Delays of `mean` ± `jitter` milliseconds, in a thread of its own from `start` to `stop`. New connections are to
    be redirected to `port`; `connections` counts them. Raises OSError when there is no port."""

    def __init__(self, mean: float, jitter: float) -> None:
        self._mean, self._jitter = mean / 1000, jitter / 1000
        self._listener = socket.create_server(("", 0), backlog=1024)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        self._open: set[Connection] = set()
        self._due: list[tuple[float, int, Connection, Action]] = []
        self._order = itertools.count()
        self._selector = selectors.DefaultSelector()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)

    def start(self) -> None:
        self._selector.register(self._listener, _READ)
        self._thread.start()

    def stop(self) -> None:
        """Let everything pass that is held back, and close what came through us."""
        self._stopping.set()
        self._thread.join(timeout=1)
        self._listener.close()
        for connection in list(self._open):
            self._guarded(connection, partial(connection.pass_on, _EVER))
            connection.close(broken=False)

    def round_trip_ms(self, patience_seconds: float) -> float | None:
        """The median of a few echoes through us; None when none comes back in time."""
        with suppress(OSError):
            return round(sorted(self._echo_ms(patience_seconds) for _ in range(_TRIES))[_TRIES // 2], 1)
        return None

    def _run(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._selector.select(self._pause()):
                if key.data is None:
                    self._accept()
                else:
                    connection, end = key.data
                    self._guarded(connection, partial(self._take, connection, end))
            while self._due and self._due[0][0] <= time.monotonic():
                _, _, connection, action = heapq.heappop(self._due)
                self._guarded(connection, action)

    def _pause(self) -> float:
        until = self._due[0][0] - time.monotonic() if self._due else _BEAT_SECONDS
        return max(0.0, min(until, _BEAT_SECONDS))

    def _accept(self) -> None:
        """An echo is what did not come by the rule."""
        with suppress(OSError):
            client, _ = self._listener.accept()
            client.setblocking(False)
            host, port = _bound_for(client)
            redirected = port != self.port
            self.connections += redirected
            connection = Connection(client, (host, port) if redirected else None, self._delay)
            self._open.add(connection)
            self._at(connection.opens_at, connection, connection.open)
            self._watch(connection)

    def _take(self, connection: Connection, end: socket.socket) -> None:
        """Take what has come, and plan when it goes on; an end may as well have become ready for what was due."""
        if due := connection.take(end):
            self._at(due, connection, lambda: connection.pass_on(time.monotonic()))
        connection.pass_on(time.monotonic())

    def _at(self, due: float, connection: Connection, action: Action) -> None:
        heapq.heappush(self._due, (due, next(self._order), connection, action))

    def _guarded(self, connection: Connection, action: Action) -> None:
        """An end that breaks off breaks off the other, too."""
        if connection not in self._open:
            return
        try:
            action()
        except OSError:
            self._close(connection, broken=True)
        else:
            self._watch(connection)

    def _watch(self, connection: Connection) -> None:
        """Wait for what there is to wait for."""
        if connection.over:
            return self._close(connection, broken=False)
        for end in connection.ends:
            mask = _READ * connection.listening(end) | _WRITE * connection.blocked(end)
            self._unwatch(end)
            if mask:
                self._selector.register(end, mask, (connection, end))
        return None

    def _close(self, connection: Connection, *, broken: bool) -> None:
        for end in connection.ends:
            self._unwatch(end)
        self._open.discard(connection)
        connection.close(broken=broken)

    def _unwatch(self, end: socket.socket) -> None:
        with suppress(KeyError):
            self._selector.unregister(end)

    def _delay(self) -> float:
        return max(0.0, self._mean + random.uniform(-self._jitter, self._jitter))

    def _echo_ms(self, patience_seconds: float) -> float:
        with socket.create_connection(("127.0.0.1", self.port), patience_seconds) as sock:
            began = time.monotonic()
            sock.sendall(b"x")
            sock.recv(1)
            return (time.monotonic() - began) * 1000


def _bound_for(client: socket.socket) -> tuple[str, int]:
    """Where a connection was going before it was redirected. Raises OSError."""
    raw = client.getsockopt(socket.SOL_IP, _ORIGINAL_DESTINATION, _SOCKET_ADDRESS.size)
    port, host = _SOCKET_ADDRESS.unpack(raw)
    return socket.inet_ntoa(host), port
