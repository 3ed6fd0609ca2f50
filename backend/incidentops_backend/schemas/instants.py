"""Times as others write them: every one that is let in can be reckoned with, stored and read again."""

from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, NaiveDatetime

D = TypeVar("D", bound=date)

_FIRST_YEAR, _LAST_YEAR = 1970, 8999


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("no calendar has this moment in UTC") from None


def _within_reach(at: D) -> D:
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"a year between {_FIRST_YEAR} and {_LAST_YEAR} is expected")
    return at


Timestamp = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment with its zone, in UTC; foreign formats also write the first and the last of the calendar, for never."""

Instant = Annotated[Timestamp, AfterValidator(_within_reach)]
"""A moment before and after which there are others: a period may begin or end there."""

WallClock = Annotated[NaiveDatetime, AfterValidator(_within_reach)]
"""Date and time by the clock on a wall; the zone stands beside it."""

Day = Annotated[date, AfterValidator(_within_reach)]
