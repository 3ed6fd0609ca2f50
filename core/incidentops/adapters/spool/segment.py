"""One file of the spool: appended to until it is large, read from the front, removed when replayed."""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import structlog

from incidentops.adapters.spool.codec import Damage, Record, scan
from incidentops.adapters.spool.files import sync_directory, write_all

log = structlog.get_logger()

SUFFIX = ".spool"


class Segment:
    """Named by the first seq it may hold. `end` is the size of what is durable, `replayed` of what has left.

    A file that turns out to be damaged is not removed when replayed but renamed, for somebody to look at.
    """

    def __init__(self, path: Path, end: int = 0) -> None:
        self.path = path
        self.end = end
        self.replayed = 0
        self.damaged = False
        self._descriptor: int | None = None
        self._uncertain = False

    @classmethod
    def create(cls, directory: Path, first_seq: int) -> "Segment":
        """Raises OSError (FileExistsError too: no segment is ever written over)."""
        path = directory / f"{first_seq:020d}{SUFFIX}"
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        sync_directory(directory)
        return cls(path)

    @classmethod
    def recover(cls, path: Path, *, newest: bool) -> tuple["Segment", list[int]]:
        """A segment left by an earlier process, and the seqs it holds. Only the newest can have a torn tail,
        which is cut; no other was being written."""
        segment = cls(path, path.stat().st_size)
        seqs: list[int] = []
        for item in scan(path.read_bytes()):
            if isinstance(item, Damage):
                segment._note(item, cut=newest and item.at_end)
            else:
                seqs.append(item[1].seq)
        return segment, seqs

    @property
    def first_seq(self) -> int:
        return int(self.path.stem)

    def append(self, data: bytes) -> None:
        """Return once `data` is on the disk; raises OSError with the file as it was before."""
        descriptor = self._open()
        if self._uncertain:
            self._cut_back()
        self._uncertain = True
        try:
            write_all(descriptor, data, self.end)
            os.fdatasync(descriptor)
        except OSError:
            with suppress(OSError):  # then it is cut back before the next append
                self._cut_back()
            raise
        self.end += len(data)
        self._uncertain = False

    def read(self, limit: int | None) -> tuple[list[Record], int]:
        """The next records (None: all) behind `replayed`, and the offset behind the last of them."""
        durable = self.end  # read once: appending goes on meanwhile
        with self.path.open("rb") as file:
            file.seek(self.replayed)
            data = file.read(durable - self.replayed)
        found = list(islice(_intact(scan(data)), limit))
        end = self.replayed + found[-1][0] if found else durable
        return [record for _, record in found], end

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def retire(self) -> None:
        """It has been replayed."""
        self.close()
        if self.damaged:
            self.path.replace(self.path.with_suffix(".damaged"))
        else:
            self.path.unlink(missing_ok=True)

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDWR)
        return self._descriptor

    def _cut_back(self) -> None:
        descriptor = self._open()
        os.ftruncate(descriptor, self.end)
        os.fdatasync(descriptor)
        self._uncertain = False

    def _note(self, damage: Damage, *, cut: bool) -> None:
        if cut:
            log.warning("spool_tail_cut", file=self.path.name, bytes=damage.length)
            self.end = damage.offset
            self._cut_back()
        else:
            log.error("spool_damaged", file=self.path.name, offset=damage.offset, bytes=damage.length)
            self.damaged = True


def _intact(items: Iterator[tuple[int, Record] | Damage]) -> Iterator[tuple[int, Record]]:
    return (item for item in items if not isinstance(item, Damage))
