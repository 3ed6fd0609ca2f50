"""Engine.IO's websocket transport on the reactor: what the server calls instead of its threads."""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import Any

import engineio
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import PING, Packet
from engineio.socket import Socket

from incidentops_backend.live.wire.connection import Connection
from incidentops_backend.live.wire.frames import accepting, text_frame
from incidentops_backend.live.wire.reactor import Reactor

HANDSHAKE_SECONDS = 5.0
GOODBYE_SECONDS = 5.0
"""How long a client that is sent away may take to read the rest."""


def serve_sockets(server: engineio.Server, reactor: Reactor) -> None:
    """Let this server's WebSockets be served, and all its pings be timed, by the reactor."""
    own = {
        "websocket": partial(_Upgrade, reactor),
        "thread": partial(_task, reactor, server._async["thread"]),
    }
    server._async = {**server._async, **own}


class _Upgrade:
    """What Engine.IO makes for one upgrade request and calls as a WSGI application. A client that begins with
    polling is upgraded the library's way, with threads: browsers begin with the WebSocket."""

    def __init__(self, reactor: Reactor, handler: Callable[[Any], object], server: engineio.Server) -> None:
        self._reactor, self._handler, self._server = reactor, handler, server

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> object:
        client = self._handler.__self__  # type: ignore[attr-defined]  # a bound method of Engine.IO's socket
        if client.connected:
            return SimpleWebSocketWSGI(self._handler, self._server)(environ, start_response)
        key = environ.get("HTTP_SEC_WEBSOCKET_KEY")
        if not key:
            start_response("400 BAD REQUEST", [("Content-Type", "text/plain")])
            return [b"Sec-WebSocket-Key is missing."]
        sock = _take_over(environ)
        _accept(sock, key)
        connection = Connection(sock, self._server.max_http_buffer_size, self._reactor.unsent)
        _attach(client, connection, self._reactor)
        raise _forgotten(environ)


def _take_over(environ: dict[str, Any]) -> socket.socket:
    """The request's connection, which from now on is ours. The server is left with one that has ended, which it
    may shut down and close as it likes."""
    theirs: socket.socket = environ.get("gunicorn.socket") or environ["werkzeug.socket"]
    ours = theirs.dup()
    ended, peer = socket.socketpair()
    peer.close()
    os.dup2(ended.fileno(), theirs.fileno())
    ended.close()
    return ours


def _accept(sock: socket.socket, key: str) -> None:
    """Raises OSError for a client that has gone."""
    sock.settimeout(HANDSHAKE_SECONDS)
    try:
        sock.sendall(accepting(key))
    except OSError:
        sock.close()
        raise


def _forgotten(environ: dict[str, Any]) -> Exception:
    """What tells the server to write no answer."""
    return StopIteration() if "gunicorn.socket" in environ else ConnectionError()


def _attach(client: Any, connection: Connection, reactor: Reactor) -> None:
    """Join Engine.IO's idea of a client with the connection."""
    outbox = Outbox(connection, reactor)
    client.connected = client.upgraded = True
    earlier, client.queue = client.queue, outbox
    while not earlier.empty():
        outbox.put(earlier.get())
    end = partial(client.close, wait=False, abort=True, reason=client.server.reason.TRANSPORT_CLOSE)
    reactor.add(connection, partial(_receive, client), lambda: client.server.start_background_task(end))


def _receive(client: Any, message: str) -> None:
    """Raises EOFError for what ends the connection."""
    try:
        client.receive(Packet(encoded_packet=message))
    except UnknownPacketError:
        return  # as the library does
    except (SocketIsClosedError, ValueError) as error:
        raise EOFError(str(error)) from error


def _task(reactor: Reactor, thread: type[Thread], target: Any, **options: Any) -> "Thread | _Ping":
    """What Engine.IO starts for a background task. For a ping it would be a thread that sleeps ten seconds."""
    client = getattr(target, "__self__", None)
    if isinstance(client, Socket) and target == client._send_ping:
        return _Ping(client, reactor)
    return thread(target=target, **options)


@dataclass(frozen=True, slots=True)
class _Ping:
    """A ping that is due in one interval."""

    client: Any
    reactor: Reactor

    def start(self) -> None:
        self.reactor.later(self.client.server.ping_interval, partial(_ping, self.client))


def _ping(client: Any) -> None:
    if not client.closing and not client.closed:
        client.last_ping = time.time()
        client.send(Packet(PING))


class Outbox:
    """Stands where Engine.IO keeps the queue of a client: what is put in is written at once."""

    def __init__(self, connection: Connection, reactor: Reactor) -> None:
        self._connection, self._reactor = connection, reactor

    def put(self, packet: Any) -> None:
        """A packet, or None to end the connection. A broadcast's packet is framed once for all clients."""
        if packet is None:
            self._connection.close()
            self._reactor.later(GOODBYE_SECONDS, self._connection.drop)
            return
        frame = getattr(packet, "frame", None)
        if frame is None:
            frame = packet.frame = text_frame(packet.encode())
        self._connection.send(frame)

    def qsize(self) -> int:
        """How many frames the client has not taken yet."""
        return self._connection.waiting

    def join(self) -> None:
        """Nothing to wait for: the reactor writes what is left."""
