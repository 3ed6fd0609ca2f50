"""An endless answer of the engine (events, followed logs) that can be closed from any thread.

The SDK's own streams end without a word on a clean close, an end of file and a cut in mid-chunk alike, wait
for ever on an engine that hangs, and leave their socket open. So each stream here has a connection of its
own and a watchdog that pings the engine on another one.
"""

import http.client
import socket
import threading
from collections.abc import Callable
from typing import Self

from incidentops.adapters.docker.address import EngineAddress
from incidentops.adapters.docker.errors import UNREACHABLE, explanation, refusal, unavailable
from incidentops.domain.errors import IncidentOpsError, Unavailable

WATCH_SECONDS = 2.0
_OPEN_SECONDS = 5.0
_CHUNK = 65536


class EngineStream:
    """One streaming GET. Reads return b"" once the stream was closed or has ended properly, and raise
    `Unavailable` when it was cut. `ping` raises `Unavailable` when the engine does not answer."""

    def __init__(self, address: EngineAddress, path: str, ping: Callable[[], None]) -> None:
        self._ping = ping
        self._closed = threading.Event()
        self._failure: Unavailable | None = None
        self._reading = threading.Lock()
        try:
            self._socket = address.connect(_OPEN_SECONDS)
            self._response = _get(self._socket, path)
        except UNREACHABLE as error:
            raise unavailable(error) from error
        self._refuse_errors()
        self._socket.settimeout(None)
        threading.Thread(target=self._watch, name="engine-stream-watch", daemon=True).start()

    def read_some(self) -> bytes:
        """Whatever has arrived, waiting for at least one byte."""
        return self._read(lambda: self._response.read1(_CHUNK))

    def read_exactly(self, size: int) -> bytes:
        """That many bytes, fewer only at the end of the stream."""
        return self._read(lambda: self._response.read(size))

    def close(self) -> None:
        """Wake whoever reads, then release the socket."""
        self._closed.set()
        self._shutdown()
        with self._reading:
            self._response.close()
            self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """True once the stream was closed on our side."""
        return self._closed.is_set()

    def _read(self, read: Callable[[], bytes]) -> bytes:
        with self._reading:
            if self._closed.is_set() or self._response.isclosed():
                return b""
            try:
                return read()
            except UNREACHABLE as error:
                if self._closed.is_set():
                    return b""
                raise (self._failure or Unavailable("engine", "its stream was cut")) from error

    def _refuse_errors(self) -> None:
        """Raise the port's error when the engine answered with an error status."""
        if self._response.status != http.client.OK:
            words = self.read_exactly(_CHUNK)
            self.close()
            raise refusal(self._response.status, explanation(words))

    def _watch(self) -> None:
        """Ping until closed; an engine that does not answer has its stream cut."""
        while not self._closed.wait(WATCH_SECONDS):
            try:
                self._ping()
            except IncidentOpsError as error:
                self._failure = error if isinstance(error, Unavailable) else None
                self._shutdown()
                return

    def _shutdown(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the other side was faster


def _get(sock: socket.socket, path: str) -> http.client.HTTPResponse:
    """Send one GET and read the head of the answer; a failure closes the socket."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = sock
    try:
        connection.request("GET", path)
        return connection.getresponse()
    except UNREACHABLE:
        sock.close()
        raise
