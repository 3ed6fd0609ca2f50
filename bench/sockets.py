"""Many panels at once: bare Socket.IO clients, read by one thread that notes when each message arrived.

One thread per client would measure Python's own scheduling: fifty of them woken together wait for each other.
"""

import json
import selectors
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import websocket

CONNECT_SECONDS = 10.0
READ_BYTES = 256 * 1024
_SNAPSHOT = b'42["snapshot"'
_STATE = (_SNAPSHOT, b'42["delta"')
_LENGTHS = {126: 2, 127: 8}
"""How many bytes the length has, by the code in its place."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One snapshot or delta as it came in, with the wall clock in nanoseconds. It is parsed when somebody asks."""

    at_ns: int
    text: bytes

    def event(self) -> tuple[str, Any]:
        """Name and data."""
        name, data = json.loads(self.text[2:])
        return name, data


@dataclass(frozen=True, slots=True)
class Heard:
    """What the clients heard of a list of changes: how late each change came to each client in milliseconds,
    and how many clients were disconnected or did not hear of every change."""

    milliseconds: list[float]
    lost: int


@dataclass
class Panel:
    """One connected client and what it received."""

    socket: websocket.WebSocket
    arrivals: list[Arrival] = field(default_factory=list)
    unread: bytearray = field(default_factory=bytearray)
    snapshot: threading.Event = field(default_factory=threading.Event)
    lost: bool = False

    def send(self, name: str, data: object) -> None:
        self.socket.send(f"42{json.dumps([name, data])}")

    def take(self, at_ns: int) -> None:
        """Read what is there. Raises OSError when the connection has ended. The frames are taken apart here:
        the library reads and validates byte by byte, too slowly for a thousand clients."""
        data = self.socket.sock.recv(READ_BYTES)
        if not data:
            raise ConnectionResetError
        self.unread += data
        while message := self._next_message():
            if message == b"2":
                self.socket.send("3")
            elif message.startswith(_STATE):
                self.arrivals.append(Arrival(at_ns, message))
                if message.startswith(_SNAPSHOT):
                    self.snapshot.set()

    def _next_message(self) -> bytes | None:
        """The first whole frame's payload, taken off what is unread."""
        code = self.unread[1] if len(self.unread) > 1 else 0
        head, size = 2, code
        if code in _LENGTHS:
            head += _LENGTHS[code]
            size = int.from_bytes(self.unread[2:head], "big")
        if code == 0 or len(self.unread) < head + size:
            return None
        message = bytes(self.unread[head : head + size])
        del self.unread[: head + size]
        return message

    def flips(self) -> dict[str, list[int]]:
        """By plain service name of the bench, when this client heard that its status had changed (ns)."""
        known: dict[str, str] = {}
        heard: dict[str, list[int]] = defaultdict(list)
        for arrival in list(self.arrivals):
            name, data = arrival.event()
            for service in data.get("services", ()):
                before, status = known.get(service["name"]), service["status"]
                known[service["name"]] = status
                if name == "delta" and before not in (None, status):
                    heard[service["name"].removeprefix("bench/")].append(arrival.at_ns)
        return heard


class Panels:
    """All clients of one measurement. A context: left, it closes every connection."""

    def __init__(self, count: int, origin: str = "127.0.0.1:8000") -> None:
        url = f"ws://{origin}/socket.io/?EIO=4&transport=websocket"
        self._selector = selectors.DefaultSelector()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self.all = [self._connect(url) for _ in range(count)]
        self._thread.start()

    def __enter__(self) -> "Panels":
        for panel in self.all:
            if not panel.snapshot.wait(CONNECT_SECONDS):
                raise TimeoutError("no snapshot from the live view")
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(CONNECT_SECONDS)
        for panel in self.all:
            panel.socket.close()
        self._selector.close()

    def heard_of(self, changes: Sequence[tuple[str, int]], seconds: float = 5.0) -> Heard:
        """`changes`: name of the service and when its status changed (ns), in order. Waits so long for the last
        of them to arrive."""
        deadline = time.monotonic() + seconds
        while any(not _complete(panel, changes) for panel in self.all) and time.monotonic() < deadline:
            time.sleep(0.2)
        complete = [panel for panel in self.all if not panel.lost and _complete(panel, changes)]
        late = [delay for panel in complete for delay in _delays(panel, changes)]
        return Heard(late, len(self.all) - len(complete))

    def _connect(self, url: str) -> Panel:
        panel = Panel(websocket.create_connection(url, timeout=CONNECT_SECONDS))
        panel.socket.recv()
        panel.socket.send("40")
        self._selector.register(panel.socket.sock, selectors.EVENT_READ, panel)
        return panel

    def _read(self) -> None:
        while not self._stopped.is_set():
            ready = self._selector.select(0.1)
            at_ns = time.time_ns()
            for key, _ in ready:
                self._take(key.data, at_ns)

    def _take(self, panel: Panel, at_ns: int) -> None:
        try:
            panel.take(at_ns)
        except OSError:
            panel.lost = True
            self._selector.unregister(panel.socket.sock)


def _complete(panel: Panel, changes: Sequence[tuple[str, int]]) -> bool:
    return sum(len(times) for times in panel.flips().values()) >= len(changes)


def _delays(panel: Panel, changes: Sequence[tuple[str, int]]) -> Iterator[float]:
    """The nth change of a service is the nth that this client heard of it."""
    flips = {name: iter(times) for name, times in panel.flips().items()}
    for name, happened_ns in changes:
        if (at_ns := next(flips.get(name, iter(())), None)) is not None:
            yield (at_ns - happened_ns) / 1e6
