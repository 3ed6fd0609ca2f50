"""Wall clock times as instants: one answer for every local time, also those that a zone skips or repeats."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which a clock on the wall of that zone shows `local` (naive).

    A time that occurs twice means the first; one that is skipped means the first instant after the gap.
    """
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if after.astimezone(zone).replace(tzinfo=None) == local:
        return after
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _transition_between(before, after, zone)


def local_of(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows at an instant (naive)."""
    return at.astimezone(zone).replace(tzinfo=None)


def _transition_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second after `before` with the offset of `after` (PEP 495 puts exactly one change between)."""
    offset = after.astimezone(zone).utcoffset()
    low, high = 0, (after - before) // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * _SECOND).astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return before + high * _SECOND
