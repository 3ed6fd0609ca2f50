"""One action at a time per service, and the name of the one that runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from incidentops.domain.services import Verb
from incidentops_backend.use_cases.errors import ServiceBusy


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a service."""

    verb: Verb
    actor: str
    action_id: UUID


class ServiceLocks:
    """Never waits: a second action on a busy service is refused at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders: dict[str, Holder] = {}

    @contextmanager
    def hold(self, service: str, holder: Holder) -> Iterator[None]:
        """Hold the service while the context runs. Raises ServiceBusy naming the present holder."""
        with self._lock:
            present = self._holders.get(service)
            if present:
                raise ServiceBusy(service, present.verb, present.actor, present.action_id)
            self._holders[service] = holder
        try:
            yield
        finally:
            with self._lock:
                del self._holders[service]
