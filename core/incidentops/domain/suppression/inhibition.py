"""Inhibition along the service graph: what stands on a service in trouble is not paged by itself."""

from collections.abc import Collection, Iterator, Mapping


def root_cause(
    service: str, depends_on: Mapping[str, Collection[str]], troubled: Collection[str]
) -> str | None:
    """The nearest service in trouble that this one stands on, directly or through others; None without one.

    Services that stand on each other do not inhibit each other: nobody would be paged for any of them.
    """
    causes = (name for name in _below(service, depends_on) if name in troubled)
    return next((name for name in causes if service not in _below(name, depends_on)), None)


def _below(service: str, depends_on: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What it stands on, nearest first; in a circle, in the end, on itself."""
    seen, level = set[str](), [service]
    while level:
        level = list(dict.fromkeys(name for item in level for name in depends_on.get(item, ())))
        level = [name for name in level if name not in seen]
        seen.update(level)
        yield from level
