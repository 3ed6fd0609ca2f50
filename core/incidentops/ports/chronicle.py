"""What was done to services in a period, of every kind, in one order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from incidentops.domain.happenings import Happening


@dataclass(frozen=True, slots=True)
class Period:
    """Which happenings: those on the services that began between the two, and faults that were not over by `since`."""

    services: Collection[str]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class HappeningPage:
    """Happenings, newest first, and the cursor of the next page (None on the last)."""

    items: tuple[Happening, ...]
    next_cursor: str | None


class Chronicle(Protocol):
    """Reads of Postgres. Raises `Unavailable("postgres", …)`."""

    def happenings(self, where: Period, *, limit: int = 50, cursor: str | None = None) -> HappeningPage:
        """Raises ValueError for a cursor that this list did not give."""
        ...
