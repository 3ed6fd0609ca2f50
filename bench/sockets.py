"""Many panels at once: bare Socket.IO clients that note when each message arrived and parse later."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import websocket

CONNECT_SECONDS = 10.0


@dataclass
class Arrival:
    """One message as it came in, with the wall clock in nanoseconds."""

    at_ns: int
    text: str

    def event(self) -> tuple[str, Any] | None:
        """Name and data of a Socket.IO event packet; None for any other packet."""
        if not self.text.startswith("42"):
            return None
        name, *data = json.loads(self.text[2:])
        return name, data[0] if data else None


@dataclass
class Panel:
    """One connected client. Reading happens in a thread of its own until `close`."""

    url: str
    arrivals: list[Arrival] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = websocket.create_connection(self.url, timeout=CONNECT_SECONDS)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._socket.recv()
        self._socket.send("40")
        self._thread.start()

    def wait_ready(self) -> None:
        """Until the snapshot is here. Raises TimeoutError."""
        if not self._ready.wait(CONNECT_SECONDS):
            raise TimeoutError("no snapshot from the live view")

    def send(self, name: str, data: object) -> None:
        self._socket.send(f"42{json.dumps([name, data])}")

    def close(self) -> None:
        self._socket.close()
        self._thread.join(CONNECT_SECONDS)

    def _read(self) -> None:
        while True:
            try:
                text = self._socket.recv()
            except (websocket.WebSocketException, OSError):
                return
            now = time.time_ns()
            if not isinstance(text, str) or not text:
                return
            if text == "2":
                self._socket.send("3")
                continue
            self.arrivals.append(Arrival(now, text))
            if text.startswith('42["snapshot"'):
                self._ready.set()


def connect_panels(count: int, origin: str = "127.0.0.1:8000") -> list[Panel]:
    """`count` clients that all hold a snapshot."""
    url = f"ws://{origin}/socket.io/?EIO=4&transport=websocket"
    panels = [Panel(url) for _ in range(count)]
    for panel in panels:
        panel.wait_ready()
    return panels
