"""One thread that reads every WebSocket, writes on where a client was slow, and keeps the time of the pings."""

import heapq
import itertools
import queue
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import structlog

from incidentops_backend.live.wire.connection import Connection

log = structlog.get_logger()

Work = Callable[[], None]
Take = Callable[[str], None]
_ALARMS = 4096
_READ, _BOTH = selectors.EVENT_READ, selectors.EVENT_READ | selectors.EVENT_WRITE


class Reactor:
    """`run` is the thread; `add`, `later` and `unsent` may be called by any other."""

    def __init__(self) -> None:
        self._selector: selectors.BaseSelector = selectors.DefaultSelector()
        self._alarm: socket.socket | None = None
        self._tasks: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._timers: list[tuple[float, int, Work]] = []
        self._numbers = itertools.count()
        self._stopped = False

    def add(self, connection: Connection, take: Take, gone: Work) -> None:
        """Read this connection from now on: `take` gets each message, `gone` is called once at its end. Both
        run in the reactor's thread."""
        self._soon(lambda: self._begin(connection, take, gone))

    def later(self, seconds: float, work: Work) -> None:
        """Call `work` in the reactor's thread after that time."""
        timer = (time.monotonic() + seconds, next(self._numbers), work)
        self._soon(lambda: heapq.heappush(self._timers, timer))

    def unsent(self, connection: Connection) -> None:
        """This connection has something to write, or is to be closed."""
        self._soon(lambda: self._watch(connection, _BOTH))

    def run(self) -> None:
        """Serve until `stop`, then close every connection."""
        asleep, self._alarm = socket.socketpair()
        asleep.setblocking(False)
        self._alarm.setblocking(False)
        self._selector.register(asleep, _READ)
        self._run_tasks()
        while not self._stopped:
            self._turn(asleep)
        for key in list(self._selector.get_map().values()):
            cast(socket.socket, key.fileobj).close()
        self._alarm.close()
        self._selector.close()

    def stop(self) -> None:
        """End `run`."""
        self._stopped = True
        self._soon(lambda: None)

    # -- inside, in the reactor's thread -----------------------------------------------------------------

    def _turn(self, asleep: socket.socket) -> None:
        for key, events in self._selector.select(self._pause()):
            if key.fileobj is asleep:
                asleep.recv(_ALARMS)
                self._run_tasks()
                continue
            connection, take, gone = key.data
            if not self._serve(connection, take, events):
                self._end(connection, gone)
        while self._timers and self._timers[0][0] <= time.monotonic():
            _guarded(heapq.heappop(self._timers)[2])

    def _serve(self, connection: Connection, take: Take, events: int) -> bool:
        """Whether the connection goes on."""
        try:
            if events & selectors.EVENT_WRITE and connection.flush():
                self._watch(connection, _READ)
            for message in connection.read():
                take(message)
        except EOFError:
            return False
        except Exception:  # as in _guarded
            log.exception("socket_failed")
            return False
        return not connection.done

    def _begin(self, connection: Connection, take: Take, gone: Work) -> None:
        self._selector.register(connection.sock, _BOTH, (connection, take, gone))

    def _end(self, connection: Connection, gone: Work) -> None:
        self._selector.unregister(connection.sock)
        connection.sock.close()
        _guarded(gone)

    def _watch(self, connection: Connection, events: int) -> None:
        with suppress(KeyError, ValueError):  # it has ended meanwhile
            self._selector.modify(connection.sock, events, self._selector.get_key(connection.sock).data)

    def _pause(self) -> float | None:
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None

    def _run_tasks(self) -> None:
        with suppress(queue.Empty):
            while True:
                _guarded(self._tasks.get_nowait())

    def _soon(self, work: Work) -> None:
        self._tasks.put(work)
        if self._alarm:
            with suppress(OSError):  # it is awake already, or has ended
                self._alarm.send(b"!")


def _guarded(work: Work) -> None:
    """One client's mishap must not end everybody's service."""
    try:
        work()
    except Exception:
        log.exception("socket_failed")
