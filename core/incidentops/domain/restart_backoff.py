"""How long automatic recovery waits before it starts a service that keeps dying.

Docker's own figures for `restart: always`: 100 ms, doubling to a minute, forgotten after ten seconds of running. Only
the first start of a row comes at once, where Docker waits its 100 ms.
"""

from dataclasses import dataclass, field
from datetime import timedelta

FIRST_SECONDS = 0.1
LONGEST_SECONDS = 60.0
STABLE_AFTER = timedelta(seconds=10)
_ENOUGH = 10
"""Doublings after which the longest wait is reached; without a bound the power outgrows a float."""


@dataclass(slots=True)
class RestartBackoff:
    """Counts deaths in a row, by service. Not thread-safe: its owner locks."""

    _deaths: dict[str, int] = field(default_factory=dict)

    def died(self, service: str, ran_for: timedelta) -> float:
        """Note a death after that much running; the seconds to wait before the next start."""
        deaths = 0 if ran_for >= STABLE_AFTER else self._deaths.get(service, 0)
        self._deaths[service] = deaths + 1
        return float(min(FIRST_SECONDS * 2 ** min(deaths - 1, _ENOUGH), LONGEST_SECONDS)) if deaths else 0.0
