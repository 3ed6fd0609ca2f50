"""Filling the target's scratch volume, which is mounted here."""

import os
from contextlib import suppress
from pathlib import Path

MOUNT = Path("/fill")
_BLOCK = 1 << 20


def fill(name: str, percent: float) -> None:
    """Write until the volume is that full, at most until it is quite full."""
    total = _size()
    with (
        suppress(OSError),
        _path(name).open("wb", buffering=0) as file,
    ):  # the last block may not fit: that is full
        while (missing := int(total * percent / 100) - used()) > 0:
            file.write(bytes(min(missing, _BLOCK)))


def used() -> int:
    """Bytes of the volume in use."""
    facts = os.statvfs(MOUNT)
    return (facts.f_blocks - facts.f_bfree) * facts.f_frsize


def used_percent() -> float:
    return round(100 * used() / _size(), 1)


def empty(name: str) -> None:
    """Afterwards our file is not there."""
    _path(name).unlink(missing_ok=True)


def left_files() -> list[str]:
    """Files of ours in the volume."""
    return sorted(path.name for path in MOUNT.glob(".incidentops*"))


def _size() -> int:
    facts = os.statvfs(MOUNT)
    return facts.f_blocks * facts.f_frsize


def _path(name: str) -> Path:
    return MOUNT / f".{name}"
