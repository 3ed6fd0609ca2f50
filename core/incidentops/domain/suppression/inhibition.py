"""Inhibition along the service graph: what stands on a service in trouble is not paged by itself."""

from collections.abc import Collection, Mapping


def root_cause(
    service: str, depends_on: Mapping[str, Collection[str]], troubled: Collection[str]
) -> str | None:
    """The nearest service in trouble that this one stands on, directly or through others; None without one.

    A service that stands on itself (a cycle) does not inhibit itself.
    """
    seen, level = {service}, [service]
    while level:
        below = [name for item in level for name in depends_on.get(item, ()) if name not in seen]
        for name in below:
            if name in troubled:
                return name
        seen.update(below)
        level = below
    return None
