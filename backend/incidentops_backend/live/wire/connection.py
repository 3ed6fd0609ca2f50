"""One WebSocket: writes at once and never blocks, reads when the reactor says so."""

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

from wsproto import ConnectionType
from wsproto.connection import Connection as Protocol
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError

READ_BYTES = 16 * 1024
KERNEL_BYTES = 256 * 1024
"""What the kernel may keep for a client that does not read; without a limit it would be megabytes of old news."""


class Connection:
    """`send` and `close` may be called by any thread, the others by the reactor alone. `unsent` is told once
    when something is left to write; the reactor then calls `flush` whenever the socket takes more."""

    def __init__(
        self, sock: socket.socket, longest_message: int, unsent: Callable[["Connection"], None]
    ) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self._longest, self._unsent = longest_message, unsent
        self._protocol = Protocol(ConnectionType.SERVER)
        self._lock = threading.Lock()
        self._left: deque[bytes] = deque()
        self._message: list[str] = []
        self._closing = False

    @property
    def waiting(self) -> int:
        """How many frames the client has not taken yet."""
        return len(self._left)

    @property
    def done(self) -> bool:
        """Whether it is to be closed and everything is written."""
        return self._closing and not self._left

    def send(self, frame: bytes) -> None:
        """Write a frame, or keep what the socket does not take now."""
        with self._lock:
            if self._closing:
                return
            self._left.append(frame)
            if len(self._left) > 1:
                return
            self._write()
            left = bool(self._left)
        if left:
            self._unsent(self)

    def flush(self) -> bool:
        """Write on. Returns whether everything is written."""
        with self._lock:
            self._write()
            return not self._left

    def close(self) -> None:
        """Say goodbye after what is still to be written; the reactor then closes the socket."""
        with self._lock:
            if self._closing:
                return
            with suppress(LocalProtocolError):
                self._left.append(self._protocol.send(CloseConnection(CloseReason.NORMAL_CLOSURE)))
            self._write()
            self._closing = True
        self._unsent(self)

    def drop(self) -> None:
        """End it without waiting for the client to take what is left: the reactor reads the end."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def read(self) -> Iterator[str]:
        """The text messages that are there. Raises EOFError at the end, however it comes."""
        try:
            data = self.sock.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            raise EOFError(str(error)) from error
        if not data:
            raise EOFError("closed by the client")
        try:
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                yield from self._take(event)
        except LocalProtocolError as error:
            raise EOFError("it talks on after the goodbye") from error

    def _take(self, event: Event) -> Iterator[str]:
        match event:
            case Ping():
                self.send(self._protocol.send(event.response()))
            case TextMessage():
                yield from self._gather(event)
            case CloseConnection() | BytesMessage():
                raise EOFError("the client says goodbye, or speaks no Socket.IO")

    def _gather(self, part: TextMessage) -> Iterator[str]:
        """The whole message, once its last part is here."""
        self._message.append(part.data)
        if sum(map(len, self._message)) > self._longest:
            raise EOFError("a message is too long")
        if part.message_finished:
            message, self._message = "".join(self._message), []
            yield message

    def _write(self) -> None:
        """A dead socket takes everything: the reactor hears of its death by reading."""
        while self._left:
            frame = self._left[0]
            try:
                sent = self.sock.send(frame)
            except BlockingIOError:
                return
            except OSError:
                self._left.clear()
                return
            if sent < len(frame):
                self._left[0] = frame[sent:]
            else:
                self._left.popleft()
