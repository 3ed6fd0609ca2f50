import pytest

from incidentops.domain.errors import Unavailable
from incidentops.testing.cache import MemoryCache
from incidentops.testing.cache_contract import CacheContract


class TestMemoryCache(CacheContract):
    @pytest.fixture
    def cache(self) -> MemoryCache:
        return MemoryCache()

    def test_while_away_every_call_says_so_and_its_content_is_lost(self, cache):
        cache.put("redis", b"UP", ttl_seconds=60)
        with cache.away(), pytest.raises(Unavailable, match="redis"):
            cache.get("redis")
        assert cache.get("redis") is None
