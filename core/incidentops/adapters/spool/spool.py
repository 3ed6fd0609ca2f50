"""The local journal that accepts facts while Postgres is away (DESIGN 6).

    <directory>/lock              flock: one process at a time writes and replays
    <directory>/position          how far the replay has come (position.py)
    <directory>/<first seq>.spool records (codec.py), several files when there are many
    <directory>/*.damaged         replayed files in which bytes had changed, kept to be looked at
    <directory>/refused.jsonl     records that the database refused for their content

Appending threads share one fsync (group commit). What is not on the disk was not accepted: after a failed
write or fsync the file is cut back to the last good record and every thread of that group is told.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from incidentops.adapters.spool.codec import Record, check_payload, encode
from incidentops.adapters.spool.files import append_line, replace_file
from incidentops.adapters.spool.group_commit import GroupCommit
from incidentops.adapters.spool.position import Position
from incidentops.adapters.spool.segment import SUFFIX, Segment
from incidentops.domain.errors import Unavailable

SEGMENT_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on its way into the spool; it gets its seq when it is written."""

    kind: str
    id: UUID
    payload: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """The oldest records, as `peek` found them; hand it to `acknowledge` when they are stored."""

    records: tuple[Record, ...]
    end: int


class Spool:
    """`append` from any thread; `peek`, `acknowledge` and `set_aside` from one, the replayer's."""

    def __init__(self, directory: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._directory = directory
        self._segment_bytes = segment_bytes
        self._group = GroupCommit(self._write)
        self._files = threading.Lock()  # segments, position and counts change under it
        self._opening = threading.Lock()
        self._held = False
        self._lock_descriptor: int | None = None
        self._position: Position | None = None
        self._segments: list[Segment] = []
        self._next_seq = 1
        self._waiting = 0
        self._failure: str | None = None

    def open(self) -> bool:
        """Take the spool over, cut a torn tail, count what waits. Returns False while another process holds
        it. Raises Unavailable("spool", …) when the disk does not let us."""
        if self._held:
            return True
        with self._opening:
            try:
                return self._held or self._take_over()
            except OSError as error:
                self._release()
                self._failure = _words(error)
                raise Unavailable("spool", self._failure) from error

    def close(self) -> None:
        """Leave the spool to another process."""
        with self._opening, self._files:
            self._release()

    @property
    def held(self) -> bool:
        """Whether this process is the one that may append."""
        return self._held

    @property
    def failure(self) -> str | None:
        """Why the last append or opening failed; None when it went well."""
        return self._failure

    def backlog(self) -> int:
        """Accepted records that have not been replayed."""
        return self._waiting

    def append(self, entry: Entry) -> None:
        """Return once the entry is on the disk. Raises Unavailable("spool", …) when it is not, ValueError for
        a payload above 1 MiB or not in ASCII."""
        check_payload(entry.payload)
        if not self.open():
            raise Unavailable("spool", "another backend holds it")
        try:
            self._group.submit(entry)
        except OSError as error:
            raise Unavailable("spool", _words(error)) from error

    def check(self) -> None:
        """Find out whether a disk that failed takes data again. Raises OSError when it does not."""
        probe = self._directory / "probe"
        try:
            replace_file(probe, b"\0" * 4096)
        finally:
            probe.with_name("probe.new").unlink(missing_ok=True)
            probe.unlink(missing_ok=True)
        self._failure = None

    def peek(self, limit: int) -> Batch:
        """The oldest records, at most `limit`; none when the spool is empty. They stay where they are."""
        position = self._position
        while position is not None and self._segments:
            records, end = self._segments[0].read(limit)
            fresh = tuple(record for record in records if record.seq > position.seq)
            if fresh:
                return Batch(fresh, end)
            self._advance(end)
        return Batch((), 0)

    def waiting_records(self) -> Iterator[Record]:
        """All of them, oldest first; for use before the replay begins. Raises OSError."""
        position = self._position.seq if self._position is not None else 0
        for segment in self._segments:
            records, _ = segment.read(None)
            yield from (record for record in records if record.seq > position)

    def acknowledge(self, batch: Batch) -> None:
        """The batch is stored: it leaves the spool, and its file with it when it was the last in there."""
        with self._files:
            if self._position is None or not batch.records:
                return
            self._position.advance(batch.records[-1].seq)
            self._waiting -= len(batch.records)
        self._advance(batch.end)

    def set_aside(self, record: Record, reason: str) -> None:
        """Keep a record that can never be stored where an operator can read it. Raises OSError."""
        line = {
            "seq": record.seq,
            "id": str(record.id),
            "received_at": record.received_at.isoformat(),
            "kind": record.kind,
            "payload": record.payload.decode("ascii"),
            "reason": reason,
        }
        append_line(self._directory / "refused.jsonl", json.dumps(line))

    def _take_over(self) -> bool:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock_descriptor = os.open(self._directory / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._lock_descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._release()
            return False
        self._position = Position(self._directory / "position")
        self._recover_segments(self._position.seq)
        self._failure = None
        self._held = True
        return True

    def _recover_segments(self, position: int) -> None:
        """Read what an earlier process left; later seqs begin above all that was ever given."""
        self._waiting = 0
        self._next_seq = position + 1
        paths = sorted(self._directory.glob(f"*{SUFFIX}"))
        for path in paths:
            segment, seqs = Segment.recover(path, newest=path == paths[-1])
            self._segments.append(segment)
            self._waiting += sum(seq > position for seq in seqs)
            self._next_seq = max(self._next_seq, segment.first_seq, *(seq + 1 for seq in seqs[-1:]))

    def _write(self, entries: Sequence[Entry]) -> None:
        """The group commit."""
        now = datetime.now(UTC)
        with self._files:
            data = b"".join(
                encode(Record(seq, entry.id, now, entry.kind, entry.payload))
                for seq, entry in enumerate(entries, start=self._next_seq)
            )
            self._append(data)
            self._next_seq += len(entries)
            self._waiting += len(entries)

    def _append(self, data: bytes) -> None:
        try:
            self._segment_for_writing().append(data)
        except OSError as error:
            self._failure = _words(error)
            raise
        self._failure = None

    def _segment_for_writing(self) -> Segment:
        if not self._segments or self._segments[-1].end >= self._segment_bytes:
            self._segments.append(Segment.create(self._directory, self._next_seq))
        return self._segments[-1]

    def _advance(self, end: int) -> None:
        """Mark the oldest file as replayed up to `end`; it goes when nothing is left in it."""
        with self._files:
            segment = self._segments[0]
            segment.replayed = end
            if end >= segment.end:
                segment.retire()
                self._segments.pop(0)

    def _release(self) -> None:
        self._held = False
        if self._position is not None:
            self._position.close()
        for segment in self._segments:
            segment.close()
        if self._lock_descriptor is not None:
            os.close(self._lock_descriptor)
        self._position, self._lock_descriptor, self._segments = None, None, []


def _words(error: OSError) -> str:
    return error.strerror or str(error)
