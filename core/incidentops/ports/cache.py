"""Answers that may be lost at any time."""

from typing import Protocol


class Cache(Protocol):
    """Answers that may be lost at any time. Raises `Unavailable("redis", …)` within 500 ms."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, value: bytes, *, ttl_seconds: int) -> None: ...

    def increment(self, key: str, *, ttl_seconds: int) -> int:
        """Count one up and return the count; the time to live starts with the first."""
        ...

    def ping(self) -> None: ...
