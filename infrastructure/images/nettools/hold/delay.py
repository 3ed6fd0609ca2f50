"""Holds packets back: the kernel queues them to us, we accept each one when its time has come.

Speaks the kernel's own protocol (nfnetlink_queue). Only the metadata of packets is copied. Without us the rule
lets packets pass (`bypass`).
"""

import heapq
import random
import select
import socket
import struct
import threading
import time

from .rules import QUEUE_NUMBER

_NETFILTER = 12
_QUEUE_SUBSYSTEM = 3 << 8
_PACKET, _VERDICT, _CONFIG = (_QUEUE_SUBSYSTEM | number for number in (0, 1, 2))
_REQUEST, _ACKNOWLEDGE = 1, 4
_HEADER = struct.Struct("=IHHII")
_FAMILY = struct.Struct(">BBH")
_ATTRIBUTE = struct.Struct("=HH")
_CONFIG_COMMAND, _CONFIG_PARAMETERS, _CONFIG_LENGTH = 1, 2, 3
_BIND, _COPY_METADATA, _ACCEPT = 1, 1, 1
_PACKET_HEADER, _VERDICT_HEADER = 1, 2
_LONGEST_QUEUE = 65_536
_RECEIVE_BYTES = 8 << 20
_ERROR = 2


class Delay:
    """Delays of `mean` ± `jitter` milliseconds, in a thread of its own from `start` to `stop`."""

    def __init__(self, mean: float, jitter: float) -> None:
        self._mean, self._jitter = mean / 1000, jitter / 1000
        self._held: list[tuple[float, int]] = []
        self._stopping = threading.Event()
        self._socket = _bound_socket()
        self._thread = threading.Thread(target=self._run, name="delay", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let everything pass that is held back."""
        self._stopping.set()
        self._thread.join(timeout=1)
        self._release(float("inf"))
        self._socket.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            wait = min(self._held[0][0] - time.monotonic(), 0.1) if self._held else 0.1
            if select.select([self._socket], [], [], max(wait, 0))[0]:
                self._take(self._socket.recv(65_536))
            self._release(time.monotonic())

    def _take(self, data: bytes) -> None:
        now = time.monotonic()
        for number in _packets(data):
            due = now + self._mean + random.uniform(-self._jitter, self._jitter)
            heapq.heappush(self._held, (due, number))

    def _release(self, until: float) -> None:
        while self._held and self._held[0][0] <= until:
            _, number = heapq.heappop(self._held)
            verdict = _attribute(_VERDICT_HEADER, struct.pack(">II", _ACCEPT, number))
            self._socket.send(_message(_VERDICT, _REQUEST, verdict))


def available() -> bool:
    """Whether this kernel queues packets to programs."""
    try:
        _bound_socket().close()
    except OSError:
        return False
    return True


def _bound_socket() -> socket.socket:
    """Raises OSError, also when the kernel says no."""
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETFILTER)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
    sock.bind((0, 0))
    for attribute in (
        _attribute(_CONFIG_COMMAND, struct.pack(">BBH", _BIND, 0, 0)),
        _attribute(_CONFIG_PARAMETERS, struct.pack(">IB", 0, _COPY_METADATA)),
        _attribute(_CONFIG_LENGTH, struct.pack(">I", _LONGEST_QUEUE)),
    ):
        sock.send(_message(_CONFIG, _REQUEST | _ACKNOWLEDGE, attribute))
        _check(sock.recv(65_536))
    return sock


def _check(answer: bytes) -> None:
    kind = _HEADER.unpack_from(answer)[1]
    code = struct.unpack_from("=i", answer, _HEADER.size)[0] if kind == _ERROR else 0
    if code:
        raise OSError(-code, "the kernel has no packet queues")


def _message(kind: int, flags: int, attribute: bytes) -> bytes:
    body = _FAMILY.pack(0, 0, QUEUE_NUMBER) + attribute
    return _HEADER.pack(_HEADER.size + len(body), kind, flags, 0, 0) + body


def _attribute(kind: int, value: bytes) -> bytes:
    padding = b"\0" * (-len(value) % 4)
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(value), kind) + value + padding


def _packets(data: bytes) -> list[int]:
    """The numbers of the packets in what the kernel sent."""
    numbers, place = [], 0
    while place + _HEADER.size <= len(data):
        length, kind = _HEADER.unpack_from(data, place)[:2]
        if kind == _PACKET:
            numbers += _number(data[place + _HEADER.size + _FAMILY.size : place + length])
        place += max((length + 3) & ~3, _HEADER.size)
    return numbers


def _number(attributes: bytes) -> list[int]:
    place = 0
    while place + _ATTRIBUTE.size <= len(attributes):
        length, kind = _ATTRIBUTE.unpack_from(attributes, place)
        if kind & 0x3FFF == _PACKET_HEADER:
            return [struct.unpack_from(">I", attributes, place + _ATTRIBUTE.size)[0]]
        place += max((length + 3) & ~3, _ATTRIBUTE.size)
    return []
