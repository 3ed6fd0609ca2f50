"""UUIDv7 (RFC 9562 section 5.7): ids that sort by the time they were made."""

import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_STAMP_SHIFT = 80


def uuid7(unix_ms: int | None = None) -> UUID:
    """A fresh UUIDv7; `unix_ms` (milliseconds since the epoch) defaults to now."""
    stamp = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    random_a = secrets.randbits(12)
    random_b = secrets.randbits(62)
    return UUID(
        int=(stamp & 0xFFFFFFFFFFFF) << _STAMP_SHIFT | _VERSION_7 | random_a << 64 | _VARIANT | random_b
    )


def ordered_ids() -> Callable[[], UUID]:
    """Gives UUIDv7 that rise from one to the next, also within a millisecond and from thread to thread. Within a
    millisecond they count on from a random one (RFC 9562 section 6.2, method 2): a storm needs thousands."""
    last = 0
    lock = threading.Lock()

    def next_id() -> UUID:
        nonlocal last
        with lock:
            now = time.time_ns() // 1_000_000
            last = last + 1 if now <= last >> _STAMP_SHIFT else uuid7(now).int
            return UUID(int=last)

    return next_id


def first_at(moment: datetime) -> UUID:
    """The smallest UUIDv7 of a moment: where a range of ids by time begins."""
    return UUID(int=(int(moment.timestamp() * 1000) & 0xFFFFFFFFFFFF) << _STAMP_SHIFT | _VERSION_7 | _VARIANT)
