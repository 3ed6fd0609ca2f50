"""A connection that is passed on late: a client, where it was bound, and both ways between them."""

import socket
import struct
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

_CHUNK = 65_536
_MOST_HELD = 2 * _CHUNK
"""Bytes of one way; with more than that held back, the sender waits."""
_RESET = struct.pack("ii", 1, 0)


class Stream:
    """What `source` says is due at `sink` after `delay()` seconds, in order, and not before `earliest` on the
    monotonic clock. Raises OSError when one of the two is gone."""

    def __init__(
        self, source: socket.socket, sink: socket.socket, delay: Callable[[], float], earliest: float
    ) -> None:
        self.source, self.sink = source, sink
        self._delay, self._latest = delay, earliest
        self._held: deque[tuple[float, bytes]] = deque()
        self._bytes = 0
        self._heard_all = False
        self.blocked = False
        self.ended = False

    @property
    def listening(self) -> bool:
        return not self._heard_all and self._bytes < _MOST_HELD

    def take(self) -> float | None:
        """Read what has come; returns when it is due. No bytes are the end of what is said."""
        with suppress(BlockingIOError):
            data = self.source.recv(_CHUNK)
            self._latest = max(self._latest, time.monotonic() + self._delay())
            self._held.append((self._latest, data))
            self._bytes += len(data)
            self._heard_all = not data
            return self._latest
        return None

    def pass_on(self, until: float) -> None:
        """Send what is due until then, as far as the sink takes it: `blocked` when it does not take it all."""
        self.blocked = False
        while self._held and self._held[0][0] <= until and not self.blocked:
            due, data = self._held.popleft()
            rest = data[self._send(data) :]
            self._bytes -= len(data) - len(rest)
            if rest:
                self._held.appendleft((due, rest))
                self.blocked = True

    def _send(self, data: bytes) -> int:
        if not data:
            self.ended = True
            self.sink.shutdown(socket.SHUT_WR)
            return 0
        with suppress(BlockingIOError):
            return self.sink.send(data)
        return 0


class Connection:
    """From `client` to the service at `address`, opened `delay()` seconds late; what the client says is as late.
    `ends` are the sockets that can be read. Without an address it is an echo."""

    def __init__(
        self, client: socket.socket, address: tuple[str, int] | None, delay: Callable[[], float]
    ) -> None:
        self.opens_at = time.monotonic() + delay()
        self.ends = [client]
        self._address = address
        self._server = socket.socket() if address else client
        self._server.setblocking(False)
        self._streams = [Stream(client, self._server, delay, self.opens_at)]
        if address:
            self._streams.append(Stream(self._server, client, lambda: 0.0, self.opens_at))

    def open(self) -> None:
        """Begin to connect to the service. Raises OSError now, or at the first use of that end."""
        if self._address:
            self._server.connect_ex(self._address)
            self.ends.append(self._server)

    @property
    def over(self) -> bool:
        return all(stream.ended for stream in self._streams)

    def listening(self, end: socket.socket) -> bool:
        return any(stream.source is end and stream.listening for stream in self._streams)

    def blocked(self, end: socket.socket) -> bool:
        return any(stream.sink is end and stream.blocked for stream in self._streams)

    def take(self, end: socket.socket) -> float | None:
        """Read what that end says; returns when it is due. Raises OSError."""
        found = (stream.take() for stream in self._streams if stream.source is end and stream.listening)
        return next(found, None)

    def pass_on(self, until: float) -> None:
        """Send what is due until then. Raises OSError."""
        for stream in self._streams:
            stream.pass_on(until)

    def close(self, *, broken: bool) -> None:
        """`broken`: let both ends know that it broke off."""
        for end in {*self.ends, self._server}:
            if broken:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            end.close()
