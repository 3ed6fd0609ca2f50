"""The Socket.IO door: connect, resync, watch. Everything sent comes from the hub and the stats sampler."""

from typing import Any

import structlog
from flask import Flask, request
from flask_socketio import SocketIO
from pydantic import ValidationError

from incidentops_backend.access import AccessRules
from incidentops_backend.live.clients import Clients
from incidentops_backend.live.hub import Hub
from incidentops_backend.schemas import WatchIn

log = structlog.get_logger()


class LiveSocket:
    """Connects clients to the hub."""

    def __init__(self, app: Flask, hub: Hub, rules: AccessRules) -> None:
        self._hub = hub
        self._rules = rules
        self.io = SocketIO(
            app,
            async_mode="threading",
            cors_allowed_origins=self._origin_allowed,
            always_connect=True,  # or the snapshot would reach the client before its welcome
            max_http_buffer_size=64 * 1024,
            ping_interval=10,
            ping_timeout=10,
        )
        self.clients = Clients(self._waiting)
        self.io.on_event("connect", self._on_connect)
        self.io.on_event("disconnect", self._on_disconnect)
        self.io.on_event("resync", self._on_resync)
        self.io.on_event("watch", self._on_watch)
        self.io.on_event("unwatch", self._on_unwatch)
        hub.send_with(self._broadcast)

    def send(self, event: str, data: dict[str, Any], sids: list[str]) -> None:
        """Send to these clients; the packet is encoded once."""
        if sids:
            self.io.server.emit(event, data, to=sids)

    def catch_up(self) -> None:
        """Give a fresh snapshot to every client that was too slow and has drained."""
        for sid in self.clients.recovered():
            self._snapshot_to(sid)

    def close(self) -> None:
        """Say goodbye to every client, so that the server can stop within its grace."""
        for sid in self.clients.all():
            self.io.server.disconnect(sid)

    def _origin_allowed(self, origin: str | None, environ: dict[str, Any]) -> bool:
        return self._rules.origin_allowed(origin, environ.get("HTTP_HOST", ""))

    def _on_connect(self, _auth: object = None) -> bool:
        if not self._rules.host_allowed(request.host):
            log.warning("socket_refused", host=request.host)
            return False
        sid = _sid()
        self.clients.add(sid)
        self._snapshot_to(sid)
        return True

    def _on_disconnect(self, _reason: object = None) -> None:
        self.clients.remove(_sid())

    def _on_resync(self, _data: object = None) -> None:
        self._snapshot_to(_sid())

    def _on_watch(self, data: object = None) -> dict[str, str] | None:
        """Answers an acknowledgement with `error` when the list cannot be read."""
        try:
            watch = WatchIn.model_validate(data)
        except ValidationError as error:
            return {"error": str(error.errors(include_url=False, include_input=False))}
        self.clients.watch(_sid(), frozenset(watch.services))
        return None

    def _on_unwatch(self, _data: object = None) -> None:
        self.clients.watch(_sid(), frozenset())

    def _broadcast(self, delta: dict[str, Any]) -> None:
        self.send("delta", delta, self.clients.receivers())

    def _snapshot_to(self, sid: str) -> None:
        self.send("snapshot", self._hub.snapshot(), [sid])

    def _waiting(self, sid: str) -> int:
        """Packets queued for one client; 0 for one that has just gone."""
        eio_sid = self.io.server.manager.eio_sid_from_sid(sid, "/")
        connection = self.io.server.eio.sockets.get(eio_sid)
        return connection.queue.qsize() if connection else 0


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it to the request
    return sid
