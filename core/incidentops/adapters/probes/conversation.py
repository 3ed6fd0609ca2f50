"""A TCP conversation that is over at its deadline, however slowly the other side talks."""

import socket
import time
from typing import Self

_CHUNK = 4096


class Conversation:
    """One connection. Every method raises TimeoutError past the deadline, OSError for a broken connection."""

    def __init__(self, host: str, port: int, timeout_seconds: float) -> None:
        self._deadline = time.monotonic() + timeout_seconds
        self._socket = socket.create_connection((host, port), timeout_seconds)
        self._received = b""

    def send(self, data: bytes) -> None:
        self._socket.settimeout(self._left())
        self._socket.sendall(data)

    def read_exactly(self, size: int) -> bytes:
        """That many bytes. Raises ConnectionError when the other side ends before."""
        while len(self._received) < size:
            self._receive()
        data, self._received = self._received[:size], self._received[size:]
        return data

    def read_line(self, longest: int = 1024) -> bytes:
        """Up to the first line end, without it; an endless line is cut."""
        while b"\n" not in self._received and len(self._received) < longest:
            self._receive()
        line, _, self._received = self._received.partition(b"\n")
        return line[:longest].rstrip(b"\r")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _receive(self) -> None:
        self._socket.settimeout(self._left())
        data = self._socket.recv(_CHUNK)
        if not data:
            raise ConnectionError("the connection was closed without an answer")
        self._received += data

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
