"""When deaths become a crash loop.

A container loops once it has died `LOOP_DEATHS` times in a row without running for `STABLE_AFTER` in
between (the ten seconds after which Docker resets its own restart backoff), until it is quiet for
`LOOP_MEMORY` (twice Docker's longest backoff) or an operator acts on it.
"""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

LOOP_DEATHS = 3
LOOP_MEMORY = timedelta(seconds=120)
STABLE_AFTER = timedelta(seconds=10)


class CrashHistory:
    """Deaths of containers by id. Not thread-safe: its owner locks."""

    def __init__(self) -> None:
        self._deaths: dict[str, deque[datetime]] = {}

    def died(self, container_id: str, at: datetime) -> None:
        self._deaths.setdefault(container_id, deque(maxlen=LOOP_DEATHS)).append(at)

    def forgive(self, container_id: str) -> None:
        """Forget the deaths of a container: it runs stably, was removed, or an operator acted on it."""
        self._deaths.pop(container_id, None)

    def looping(self, now: datetime, running_since: Iterable[tuple[str, datetime]] = ()) -> frozenset[str]:
        """Ids of containers in a crash loop at `now`; `running_since` holds (id, start) of those running."""
        for container_id, start in running_since:
            if now - start >= STABLE_AFTER:
                self.forgive(container_id)
        return frozenset(item for item, deaths in self._deaths.items() if _loops(deaths, now))


def _loops(deaths: deque[datetime], now: datetime) -> bool:
    return len(deaths) == LOOP_DEATHS and now - deaths[-1] <= LOOP_MEMORY
