"""How far the replay has come, across processes."""

import os
import struct
from hashlib import blake2b
from pathlib import Path

_SEQ = struct.Struct(">Q")


class Position:
    """The seq of the last record that left the spool, in a file of 16 bytes: seq, then its BLAKE2b digest.

    Written in place and not fsynced: it survives the process, and after a loss of power an older one only
    makes the replay repeat statements that change nothing. A torn one counts as 0.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        self.seq = _unsealed(os.pread(self._descriptor, 16, 0))
        os.pwrite(self._descriptor, _sealed(_SEQ.pack(self.seq)), 0)  # its block exists even on a full disk

    def advance(self, seq: int) -> None:
        os.pwrite(self._descriptor, _sealed(_SEQ.pack(seq)), 0)
        self.seq = seq

    def close(self) -> None:
        os.close(self._descriptor)


def _sealed(seq: bytes) -> bytes:
    return seq + blake2b(seq, digest_size=8).digest()


def _unsealed(raw: bytes) -> int:
    """The seq, or 0 for anything that `_sealed` did not make."""
    seq = raw[: _SEQ.size]
    return int(_SEQ.unpack(seq)[0]) if len(seq) == _SEQ.size and raw == _sealed(seq) else 0
