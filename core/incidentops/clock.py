"""The real clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The port `Clock` on this machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
