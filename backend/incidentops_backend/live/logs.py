"""Live container logs: one engine stream per container, however many look; none while nobody does.

Lines go out in batches, at most one per beat and reader, and the next only when the reader has acknowledged
the last. What a slow reader could not take is counted as skipped instead of piling up (ANCHORS 1).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from incidentops.domain.containers import Container
from incidentops.ports import Engine
from incidentops_backend.live.lines import BoundedLines, Line
from incidentops_backend.live.log_tail import LogTail
from incidentops_backend.reads.view import LiveView
from incidentops_backend.schemas import LogLineOut, LogLinesOut

BEAT_SECONDS = 0.1
FOLLOWED_CONTAINERS = 16
"""Of one service; the first by name."""
PENDING_LINES, PENDING_CHARACTERS = 2000, 1_000_000
BATCH_LINES, BATCH_CHARACTERS = 500, 200_000

SendAcknowledged = Callable[[str, dict[str, Any], str, Callable[[], None]], None]
"""Sends one event to one client and calls back once the client has acknowledged it; never blocks."""


@dataclass(slots=True)
class Reader:
    """One browser that looks at one service's log."""

    sid: str
    service: str
    pending: BoundedLines = field(default_factory=lambda: BoundedLines(PENDING_LINES, PENDING_CHARACTERS))
    skipped: int = 0
    awaiting: bool = False

    def put(self, line: Line) -> None:
        self.skipped += self.pending.add(line)


@dataclass(slots=True)
class Followed:
    """One service that somebody reads: a tail per container, and the newest lines for who joins later."""

    tails: dict[str, LogTail] = field(default_factory=dict)
    kept: BoundedLines = field(default_factory=lambda: BoundedLines(PENDING_LINES, PENDING_CHARACTERS))


class LogDesk:
    """Thread-safe. `beat` is called every BEAT_SECONDS by one thread and is idle while nobody reads."""

    def __init__(self, engine: Engine, view: LiveView, send: SendAcknowledged) -> None:
        self._engine, self._view, self._send = engine, view, send
        self._lock = threading.RLock()
        self._readers: dict[str, Reader] = {}
        self._followed: dict[str, Followed] = {}

    def follow(self, sid: str, service: str, tail: int) -> list[str]:
        """Let a client read a service, instead of what it read before. About `tail` old lines come
        first (of each container, when nobody else reads it yet). Returns the short ids of the containers."""
        with self._lock:
            reader = self._readers[sid] = Reader(sid, service)
            for line in self._adjust(service, tail).kept.newest(tail):
                reader.put(line)
        self._close_unread()
        return [container.short_id for container in self._containers(service)]

    def stop(self, sid: str) -> None:
        """The client reads no more; what nobody else reads is closed."""
        with self._lock:
            self._readers.pop(sid, None)
        self._close_unread()

    def beat(self) -> None:
        """Keep up with containers that came, went and restarted; send what is due."""
        with self._lock:
            readers = list(self._readers.values())
            for service in {reader.service for reader in readers}:
                self._adjust(service, BATCH_LINES)
        self._close_unread()
        for reader in readers:
            self._send_due(reader)

    @property
    def open_streams(self) -> int:
        """How many containers are followed now."""
        with self._lock:
            return sum(len(followed.tails) for followed in self._followed.values())

    def _containers(self, service: str) -> list[Container]:
        return self._view.containers(service)[:FOLLOWED_CONTAINERS]

    def _adjust(self, service: str, tail: int) -> Followed:
        """Have one tail per container of the service, reading what it writes now."""
        followed = self._followed.setdefault(service, Followed())
        for container in self._containers(service):
            if known := followed.tails.get(container.id):
                known.keep_up(container)
            else:
                followed.tails[container.id] = LogTail(
                    self._engine, container, partial(self._deliver, service)
                )
                followed.tails[container.id].read(tail)
        return followed

    def _deliver(self, service: str, line: Line) -> None:
        """Called by the reading threads."""
        with self._lock:
            if followed := self._followed.get(service):
                followed.kept.add(line)
            for reader in self._readers.values():
                if reader.service == service:
                    reader.put(line)

    def _close_unread(self) -> None:
        """Close what nobody reads and what no longer exists; outside the lock, which a reading thread may
        be waiting for."""
        with self._lock:
            read = {reader.service for reader in self._readers.values()}
            unread = [self._followed.pop(service) for service in self._followed.keys() - read]
            over = [tail for followed in unread for tail in followed.tails.values()]
            over += [tail for service in read for tail in self._take_gone(service)]
        for tail in over:
            tail.close()

    def _take_gone(self, service: str) -> list[LogTail]:
        tails = self._followed[service].tails if service in self._followed else {}
        present = {container.id for container in self._containers(service)}
        return [tails.pop(container_id) for container_id in tails.keys() - present]

    def _send_due(self, reader: Reader) -> None:
        with self._lock:
            if reader.awaiting or not (reader.pending or reader.skipped):
                return
            lines = sorted(reader.pending.take(BATCH_LINES, BATCH_CHARACTERS), key=lambda line: line.at)
            skipped, reader.skipped, reader.awaiting = reader.skipped, 0, True
        batch = LogLinesOut(
            service=reader.service, lines=[LogLineOut.model_validate(line) for line in lines], skipped=skipped
        )
        self._send("log_lines", batch.model_dump(mode="json"), reader.sid, lambda: self._acknowledged(reader))

    def _acknowledged(self, reader: Reader) -> None:
        with self._lock:
            reader.awaiting = False
