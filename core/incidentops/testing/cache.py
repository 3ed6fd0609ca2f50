"""The in-memory twin of `Cache`."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from incidentops.domain.errors import Unavailable


class MemoryCache:
    """Thread-safe twin of the Redis cache. Inside `away()` every call raises."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[bytes, float]] = {}
        self._away = False

    @contextmanager
    def away(self) -> Iterator[None]:
        """Redis is gone until the block is left, and has lost everything."""
        self._away = True
        try:
            yield
        finally:
            self._entries.clear()
            self._away = False

    def get(self, key: str) -> bytes | None:
        with self._lock:
            self._check()
            value, ends_at = self._entries.get(key, (b"", 0.0))
            return value if time.monotonic() < ends_at else None

    def put(self, key: str, value: bytes, *, ttl_seconds: int) -> None:
        with self._lock:
            self._check()
            self._entries[key] = (value, time.monotonic() + ttl_seconds)

    def increment(self, key: str, *, ttl_seconds: int) -> int:
        with self._lock:
            self._check()
            value, ends_at = self._entries.get(key, (b"0", 0.0))
            alive = time.monotonic() < ends_at
            count = int(value) + 1 if alive else 1
            self._entries[key] = (str(count).encode(), ends_at if alive else time.monotonic() + ttl_seconds)
            return count

    def ping(self) -> None:
        self._check()

    def _check(self) -> None:
        if self._away:
            raise Unavailable("redis", "switched off by the test")
