"""The Socket.IO door: connect, resync, watch, topics, logs. What is sent comes from hub, stats sampler, topics
and log desk."""

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, request
from flask_socketio import SocketIO
from pydantic import ValidationError

from incidentops_backend.access import AccessRules
from incidentops_backend.live.clients import Clients
from incidentops_backend.live.hub import Hub
from incidentops_backend.live.logs import LogDesk
from incidentops_backend.live.topics import Topics, UnknownTopic
from incidentops_backend.live.wire.reactor import Reactor
from incidentops_backend.live.wire.transport import serve_sockets
from incidentops_backend.schemas import LogsFollowIn, TopicIn, WatchIn

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
        self.reactor = Reactor()
        serve_sockets(self.io.server.eio, self.reactor)
        self.clients = Clients(self._waiting)
        self.topics = Topics(self.clients, self.send)
        self._logs: LogDesk | None = None
        self.io.on_event("connect", self._on_connect)
        self.io.on_event("disconnect", self._on_disconnect)
        self.io.on_event("resync", self._on_resync)
        self.io.on_event("watch", self._on_watch)
        self.io.on_event("unwatch", self._on_unwatch)
        self.io.on_event("topic_join", self._on_topic_join)
        self.io.on_event("topic_leave", self._on_topic_leave)
        self.io.on_event("logs_follow", self._on_logs_follow)
        self.io.on_event("logs_stop", self._on_logs_stop)
        hub.send_with(self._broadcast)

    def send(self, event: str, data: dict[str, Any], sids: list[str]) -> None:
        """Send to these clients; the packet is encoded once."""
        if sids:
            self.io.server.emit(event, data, to=sids)

    def send_acknowledged(
        self, event: str, data: dict[str, Any], sid: str, acknowledged: Callable[[], None]
    ) -> None:
        """Send to one client; `acknowledged` is called once it has confirmed."""
        self.io.server.emit(event, data, to=sid, callback=lambda *_: acknowledged())

    def serve_logs(self, logs: LogDesk) -> None:
        """Let clients read logs from this desk."""
        self._logs = logs

    def catch_up(self) -> None:
        """Give a fresh snapshot to every client that was too slow and has drained."""
        for sid in self.clients.recovered():
            self._snapshot_to(sid)
            self.topics.renew(sid)

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
        self.topics.gone(_sid())
        if self._logs:
            self._logs.stop(_sid())

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

    def _on_topic_join(self, data: object = None) -> dict[str, str]:
        """Acknowledged with nothing in it, or with `error` when there is no such topic."""
        return self._with_topic(data, self.topics.join)

    def _on_topic_leave(self, data: object = None) -> dict[str, str]:
        return self._with_topic(data, self.topics.leave)

    def _with_topic(self, data: object, do: Callable[[str, str], None]) -> dict[str, str]:
        try:
            do(_sid(), TopicIn.model_validate(data).topic)
        except (ValidationError, UnknownTopic) as error:
            return {"error": str(error)}
        return {}

    def _on_logs_follow(self, data: object = None) -> dict[str, Any]:
        """Acknowledged with `containers` (short ids), or with `error` when the request cannot be read."""
        try:
            wanted = LogsFollowIn.model_validate(data)
        except ValidationError as error:
            return {"error": str(error.errors(include_url=False, include_input=False))}
        containers = self._logs.follow(_sid(), wanted.service, wanted.tail) if self._logs else []
        return {"containers": containers}

    def _on_logs_stop(self, _data: object = None) -> None:
        if self._logs:
            self._logs.stop(_sid())

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
