"""`RedisCache`: answers that may be lost at any time, and a counter for limits."""

from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from incidentops.domain.errors import Unavailable

TIMEOUT_SECONDS = 0.4
"""For connecting and for each answer; with one of each a call stays below 500 ms on a server that hangs late."""


class RedisCache:
    """Thread-safe. Constructing needs no server; every call gives up within 500 ms."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            max_connections=64,
        )

    def get(self, key: str) -> bytes | None:
        with _translated():
            value = self._client.get(key)
            return value.encode() if isinstance(value, str) else value

    def put(self, key: str, value: bytes, *, ttl_seconds: int) -> None:
        with _translated():
            self._client.set(key, value, ex=ttl_seconds)

    def increment(self, key: str, *, ttl_seconds: int) -> int:
        """Count and time to live in one round trip; the time to live is only set by the first."""
        with _translated(), self._client.pipeline(transaction=True) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, ttl_seconds, nx=True)
            count, _ = pipeline.execute()
            return int(count)

    def ping(self) -> None:
        with _translated():
            self._client.ping()

    def close(self) -> None:
        self._client.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise Unavailable("redis", str(error)) from error
