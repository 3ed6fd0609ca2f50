"""In which order services come up: what others stand on first, names deciding between equals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StartOrder:
    """`names` in start order; `cycles` are those whose dependencies form a loop (last, by name)."""

    names: tuple[str, ...]
    cycles: tuple[str, ...]


def start_order(
    depends_on: Mapping[str, Iterable[str]], rank: Mapping[str, float] | None = None
) -> StartOrder:
    """Order the keys of `depends_on` so that each follows what it depends on.

    Between equals the lower `rank` goes first (for remediation: the earlier time it went down), then the
    name. Dependencies that are not keys themselves are passed over. Services in a loop, and those behind
    it, cannot be ordered: they come last, by name, and are reported in `cycles`.
    """
    rank = rank or {}
    waiting = {name: {need for need in needs if need in depends_on and need != name}
               for name, needs in depends_on.items()}  # fmt: skip
    ordered: list[str] = []
    while ready := [name for name, needs in waiting.items() if not needs]:
        chosen = min(ready, key=lambda name: (rank.get(name, 0.0), name))
        ordered.append(chosen)
        del waiting[chosen]
        for needs in waiting.values():
            needs.discard(chosen)
    cycles = tuple(sorted(waiting))
    return StartOrder((*ordered, *cycles), cycles)


def dependents(name: str, depends_on: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Every service that stands on `name`, directly or through others, by name."""
    found: set[str] = set()
    frontier = {name}
    while frontier:
        frontier = {other for other, needs in depends_on.items() if frontier & set(needs)} - found - {name}
        found |= frontier
    return tuple(sorted(found))


def needs(name: str, depends_on: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Everything a service stands on, directly or through others, itself left out."""
    found: dict[str, None] = {}
    frontier = list(depends_on.get(name, ()))
    while frontier:
        need = frontier.pop()
        if need not in found:
            found[need] = None
            frontier.extend(depends_on.get(need, ()))
    return tuple(item for item in found if item != name)
