"""A backend for one page, written into its websocket: the page is the real one, what it is told is the test's."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

BEGIN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_OPEN = {
    "sid": "scripted",
    "upgrades": [],
    "pingInterval": 600_000,
    "pingTimeout": 600_000,
    "maxPayload": 1 << 20,
}


class ScriptedBackend:
    """Answers the page's Socket.IO handshake and then sends what it is told to, one revision after another."""

    def __init__(self, page: Page, services: list[str]) -> None:
        self.revision = 1
        self._services = services
        self._socket: WebSocketRoute | None = None
        page.route_web_socket("**/socket.io/**", self._connect)

    def deltas(self, count: int, *, step: timedelta) -> str:
        """Send that many deltas, each with a state, a measurement and an action. Returns the last message."""
        message = ""
        for _ in range(count):
            self.revision += 1
            message = f"delta {self.revision}"
            at = (BEGIN + self.revision * step).isoformat()
            self._emit("delta", self._delta(at, message))
            self._emit(
                "stats", {"at": at, "services": {name: _usage(self.revision) for name in self._services}}
            )
        return message

    def _connect(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        socket.on_message(self._answer)
        socket.send("0" + json.dumps(_OPEN))

    def _answer(self, message: str | bytes) -> None:
        if message == "40" and self._socket:
            self._socket.send('40{"sid":"scripted"}')
            self._emit("snapshot", self._snapshot())

    def _emit(self, event: str, data: dict[str, Any]) -> None:
        assert self._socket, "the page has not connected"
        self._socket.send("42" + json.dumps([event, data]))

    def _snapshot(self) -> dict[str, Any]:
        return {
            "revision": self.revision,
            "services": [self._service(name, BEGIN.isoformat()) for name in self._services],
            "system": _system(0),
            "dependencies": [],
            "actions": {},
            "faults": [],
            "server_time": BEGIN.isoformat(),
        }

    def _delta(self, at: str, message: str) -> dict[str, Any]:
        name = self._services[self.revision % len(self._services)]
        action = {
            "id": f"00000000-0000-7000-8000-{self.revision:012d}",
            "service": name,
            "verb": "ping",
            "actor": "alice",
            "source": "api",
            "outcome": "succeeded",
            "message": message,
            "started_at": at,
            "duration_ms": 1.5,
        }
        return {
            "revision": self.revision,
            "services": [self._service(name, at)],
            "system": _system(self.revision),
            "actions": [action],
            "server_time": at,
        }

    def _service(self, name: str, started_at: str) -> dict[str, Any]:
        return {
            "name": name,
            "status": "UP",
            "state": "running",
            "health": "none",
            "started_at": started_at,
            "finished_at": None,
            "exit_code": None,
            "recovery_mode": "manual",
            "group": "data",
            "project": "incidentops",
            "image": "incidentops/base:trixie",
            "protected": False,
            "depends_on": [],
            "probe": None,
            "replicas": {"running": 1, "total": 1},
            "containers": ["c0ffee000000"],
            "misconfigured": None,
            "busy": None,
            "wish": None,
            "age_seconds": None,
            "last_log": [],
        }


def _system(number: int) -> dict[str, Any]:
    return {
        "cpu": {"units": 2, "free_percent": number % 100},
        "ram": {"total": 1 << 34, "free": 1 << 33},
        "disk": {"total": 1 << 38, "free": 1 << 37},
    }


def _usage(number: int) -> dict[str, float]:
    counters = ("net_rx_bytes", "net_tx_bytes", "block_read_bytes", "block_write_bytes")
    return {
        "cpu_percent": number % 90,
        "memory_bytes": 1 << 26,
        "memory_limit_bytes": 1 << 30,
        "net_rx_rate": 10.0,
        "net_tx_rate": 10.0,
        **dict.fromkeys(counters, number),
    }
