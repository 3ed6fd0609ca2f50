"""What a container wrote, line by line, out of the engine's two ways to frame it."""

import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlencode

from incidentops.adapters.docker.reading import parse_time
from incidentops.adapters.docker.streams import EngineStream
from incidentops.domain.observations import LogLine

LONGEST_LINE = 65536
"""Bytes after which a line without an end is cut, so that no container fills our memory."""

_HEADER = struct.Struct(">BxxxL")
_STDERR = 2
_LONGEST_FRAME = 1 << 20


def logs_path(container_id: str, *, tail: int, follow: bool) -> str:
    """Path and query of a container's log with timestamps."""
    query = urlencode(
        {"stdout": 1, "stderr": 1, "timestamps": 1, "tail": max(tail, 0), "follow": int(follow)}
    )
    return f"/containers/{container_id}/logs?{query}"


def read_lines(stream: EngineStream, *, tty: bool) -> Iterator[LogLine]:
    """Lines until the log ends or the stream is closed. Raises `Unavailable` when it is cut."""
    assemblers = {"stdout": _Assembler("stdout"), "stderr": _Assembler("stderr")}
    for name, piece in _tty_pieces(stream) if tty else _framed_pieces(stream):
        line = assemblers[name].add(piece)
        if line is not None:
            yield line
    yield from (line for assembler in assemblers.values() if (line := assembler.rest()) is not None)


def _framed_pieces(stream: EngineStream) -> Iterator[tuple[str, bytes]]:
    """Without a terminal each write is a frame: stream number, length, bytes."""
    while len(header := stream.read_exactly(_HEADER.size)) == _HEADER.size:
        number, length = _HEADER.unpack(header)
        if length > _LONGEST_FRAME:
            return  # not a frame of the engine: the rest cannot be read
        yield ("stderr" if number == _STDERR else "stdout"), stream.read_exactly(length)


def _tty_pieces(stream: EngineStream) -> Iterator[tuple[str, bytes]]:
    """With a terminal everything is one run of bytes; lines end with CR LF."""
    pending = b""
    while data := stream.read_some():
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            yield "stdout", line + b"\n"
        if len(pending) > LONGEST_LINE:
            yield "stdout", pending
            pending = b""
    if pending:
        yield "stdout", pending


class _Assembler:
    """Joins the pieces of one stream into lines. The engine stamps each piece of a long line anew."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._at: datetime | None = None
        self._text = b""

    def add(self, piece: bytes) -> LogLine | None:
        at, text = _stamped(piece)
        self._at = self._at or at
        self._text += text
        if self._text.endswith(b"\n") or len(self._text) > LONGEST_LINE:
            return self.rest()
        return None

    def rest(self) -> LogLine | None:
        """The line so far; None when nothing was added."""
        if self._at is None:
            return None
        text = self._text.decode("utf-8", "replace").rstrip("\r\n")
        line = LogLine(at=self._at, stream=self._stream, text=text)
        self._at, self._text = None, b""
        return line


def _stamped(piece: bytes) -> tuple[datetime, bytes]:
    """Split the engine's timestamp off; a piece without one (the engine's own complaint) is stamped now."""
    stamp, _, text = piece.partition(b" ")
    with suppress(ValueError):
        if (at := parse_time(stamp.decode("ascii", "replace"))) is not None:
            return at, text
    return datetime.now(UTC), piece
