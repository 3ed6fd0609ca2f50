"""Which containers there are, and which service each belongs to. Not thread-safe: the view locks."""

from collections.abc import Iterable

from incidentops.domain.assembly import name_of
from incidentops.domain.containers import Container


class Roster:
    """Containers by id and by the name of their service."""

    def __init__(self, own_project: str) -> None:
        self._own_project = own_project
        self._by_id: dict[str, Container] = {}
        self._names: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}

    def get(self, container_id: str) -> Container | None:
        return self._by_id.get(container_id)

    def service_of(self, container_id: str) -> str | None:
        return self._names.get(container_id)

    def services(self) -> set[str]:
        return set(self._members)

    def members(self, service: str) -> list[Container]:
        """The containers of a service, by container name."""
        found = (self._by_id[container_id] for container_id in self._members.get(service, ()))
        return sorted(found, key=lambda item: item.name)

    def all(self) -> list[Container]:
        return list(self._by_id.values())

    def put(self, container: Container) -> str:
        """Add or replace one; returns the name of its service. A container keeps its labels for life, so its
        service is worked out once."""
        self._by_id[container.id] = container
        name = self._names.get(container.id)
        if name is None:
            name = self._names[container.id] = name_of(container, self._own_project)
            self._members.setdefault(name, set()).add(container.id)
        return name

    def remove(self, container_id: str) -> str | None:
        """Forget one; returns the service it belonged to."""
        self._by_id.pop(container_id, None)
        name = self._names.pop(container_id, None)
        if name is not None:
            self._members[name].discard(container_id)
            if not self._members[name]:
                del self._members[name]
        return name

    def replace_all(self, containers: Iterable[Container]) -> None:
        self._by_id.clear()
        self._names.clear()
        self._members.clear()
        for container in containers:
            self.put(container)
