"""What every `Cache` does. The twin and the real adapter inherit these tests and provide the fixture."""

from concurrent.futures import ThreadPoolExecutor

from incidentops.ports import Cache
from incidentops.testing.containers import wait_until


class CacheContract:
    """Inherit, and define the fixture `cache` (empty)."""

    def test_an_unknown_key_has_no_value(self, cache: Cache) -> None:
        assert cache.get("redis") is None

    def test_what_is_put_is_got_byte_for_byte_and_the_last_wins(self, cache: Cache) -> None:
        cache.put("redis", b"old", ttl_seconds=60)
        cache.put("redis", b"\x00\xff\r\n", ttl_seconds=60)
        assert cache.get("redis") == b"\x00\xff\r\n"

    def test_a_value_is_gone_after_its_time(self, cache: Cache) -> None:
        cache.put("redis", b"UP", ttl_seconds=1)
        assert cache.get("redis") == b"UP"
        wait_until(lambda: cache.get("redis") is None, seconds=3, what="the value is gone")

    def test_counting_begins_with_one_and_each_key_counts_for_itself(self, cache: Cache) -> None:
        counts = [cache.increment(key, ttl_seconds=60) for key in ("alice", "alice", "billing")]
        assert counts == [1, 2, 1]

    def test_many_threads_count_without_losing_one(self, cache: Cache) -> None:
        with ThreadPoolExecutor(8) as pool:
            counts = list(pool.map(lambda _: cache.increment("alice", ttl_seconds=60), range(100)))
        assert sorted(counts) == list(range(1, 101))

    def test_the_time_of_a_count_starts_with_the_first_and_is_not_prolonged(self, cache: Cache) -> None:
        counts: list[int] = []

        def started_anew() -> bool:
            counts.append(cache.increment("alice", ttl_seconds=1))
            return len(counts) > 1 and counts[-1] < counts[-2]

        wait_until(started_anew, seconds=3, what="the count starts anew although it never paused")

    def test_it_answers_a_ping(self, cache: Cache) -> None:
        cache.ping()
