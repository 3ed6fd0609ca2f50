"""Where two replays of one recording differ."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from incidentops.domain.incidents import Incident
from incidentops.domain.replay.paging import Page
from incidentops.domain.replay.run import Replayed


@dataclass(frozen=True, slots=True)
class PagesOf:
    """An incident whose pages differ; None on the side that has no incident of just these members."""

    incident: Incident
    members: frozenset[UUID]
    now: tuple[Page, ...] | None
    then: tuple[Page, ...] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How many incidents each side has, those that only one of them has, every incident that is paged differently,
    and how often each person is paged on each side."""

    now: int
    then: int
    only_now: tuple[Replayed, ...]
    only_then: tuple[Replayed, ...]
    paged: tuple[PagesOf, ...]
    people: tuple[tuple[str, int, int], ...]

    @property
    def none(self) -> bool:
        return not (self.only_now or self.only_then or self.paged)


def compare(now: Sequence[Replayed], then: Sequence[Replayed]) -> Difference:
    """Two incidents are the same when they consist of the same alerts."""
    old, new = ({item.members: item for item in side} for side in (now, then))
    return Difference(
        now=len(old),
        then=len(new),
        only_now=tuple(item for members, item in old.items() if members not in new),
        only_then=tuple(item for members, item in new.items() if members not in old),
        paged=tuple(_paged_differently(old, new)),
        people=_people(now, then),
    )


def _paged_differently(
    old: Mapping[frozenset[UUID], Replayed], new: Mapping[frozenset[UUID], Replayed]
) -> Iterator[PagesOf]:
    for members, item in {**old, **new}.items():
        now, then = (side[members].pages if members in side else None for side in (old, new))
        if (now or ()) != (then or ()):
            yield PagesOf(item.incident, members, now, then)


def _people(now: Sequence[Replayed], then: Sequence[Replayed]) -> tuple[tuple[str, int, int], ...]:
    old, new = (Counter(page.recipient for item in side for page in item.pages) for side in (now, then))
    return tuple((name, old[name], new[name]) for name in sorted(old | new))
