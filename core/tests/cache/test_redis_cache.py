"""The cache contract on a real Redis, and what happens when it hangs or dies."""

import time
from collections.abc import Callable, Iterator

import pytest

from incidentops.adapters.redis import RedisCache
from incidentops.domain.errors import Unavailable
from incidentops.ports import Cache
from incidentops.testing.cache_contract import CacheContract
from incidentops.testing.containers import RunningContainer, own_network, running_container, wait_until
from incidentops.testing.promptness import fastest

pytestmark = pytest.mark.cache

IMAGE = "incidentops/standin-redis:trixie"
CALLS: dict[str, Callable[[Cache], object]] = {
    "get": lambda cache: cache.get("alice"),
    "put": lambda cache: cache.put("alice", b"1", ttl_seconds=60),
    "increment": lambda cache: cache.increment("alice", ttl_seconds=60),
    "ping": lambda cache: cache.ping(),
}


@pytest.fixture(scope="module")
def server() -> Iterator[RunningContainer]:
    def answers(container: RunningContainer) -> bool:
        return container.execute("redis-cli", "ping") == "PONG"

    with (
        own_network("cache-test") as network,
        running_container(
            IMAGE, ready=answers, ports=(6379,), options=[f"--network={network}"], name="cache-test-redis"
        ) as container,
    ):
        yield container


@pytest.fixture
def cache(server: RunningContainer) -> Iterator[RedisCache]:
    server.execute("redis-cli", "flushall")
    cache = RedisCache(f"redis://127.0.0.1:{server.port(6379)}/0")
    yield cache
    cache.close()


class TestRedisCache(CacheContract):
    pass


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("connected_before", [True, False])
def test_a_hung_redis_is_unavailable_within_500_ms_and_recovers(server, call, connected_before):
    def attempt() -> float:
        cache = RedisCache(f"redis://127.0.0.1:{server.port(6379)}/0")
        if connected_before:
            cache.ping()
        server.freeze()
        try:
            seconds = refused_after(cache, CALLS[call])
        finally:
            server.thaw()
        cache.ping()
        cache.close()
        return seconds

    assert fastest(attempt, 0.5) < 0.5


def test_a_dead_redis_is_unavailable_at_once_and_recovers(cache, server):
    cache.ping()
    server.kill()
    try:
        for call in CALLS.values():
            assert fastest(lambda call=call: refused_after(cache, call), 0.5) < 0.5
    finally:
        server.start()
    wait_until(lambda: _answers(cache), seconds=60, what="redis answers again")


def refused_after(cache: RedisCache, call: Callable[[Cache], object]) -> float:
    """Seconds until the call gave up."""
    began = time.monotonic()
    with pytest.raises(Unavailable, match="redis"):
        call(cache)
    return time.monotonic() - began


def _answers(cache: RedisCache) -> bool:
    try:
        cache.ping()
    except Unavailable:
        return False
    return True
