"""What a service stands on, through all others: what correlation needs to find the cause of an outage."""

from collections.abc import Mapping

from incidentops_backend.reads.view import LiveView


class Upstream:
    """Reads the live view; worked out anew only when that has changed."""

    def __init__(self, view: LiveView) -> None:
        self._view = view
        self._known: tuple[int, dict[str, tuple[str, ...]]] = (-1, {})

    def of(self, service: str) -> tuple[str, ...]:
        """Names, nearest first; none for a service that is not managed here."""
        changes = self._view.changes
        if self._known[0] != changes:
            needs = {item.name: item.depends_on for item in self._view.services()}
            self._known = (changes, {name: _upstream(name, needs) for name in needs})
        return self._known[1].get(service, ())


def _upstream(name: str, needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    frontier = [name]
    while frontier:
        frontier = [need for item in frontier for need in needs.get(item, ()) if need not in found]
        found |= dict.fromkeys(need for need in frontier if need != name)
        frontier = [need for need in dict.fromkeys(frontier) if need != name]
    return tuple(found)
