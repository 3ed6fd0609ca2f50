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
    """People never wait: a second action on a busy service is refused at once. Remediation waits a while."""

    def __init__(self) -> None:
        self._freed = threading.Condition()
        self._holders: dict[str, Holder] = {}

    @contextmanager
    def hold(self, service: str, holder: Holder, wait_seconds: float = 0.0) -> Iterator[None]:
        """Hold the service while the context runs. Raises ServiceBusy naming the present holder."""
        with self._freed:
            if not self._freed.wait_for(lambda: service not in self._holders, wait_seconds):
                present = self._holders[service]
                raise ServiceBusy(service, present.verb, present.actor, present.action_id)
            self._holders[service] = holder
        try:
            yield
        finally:
            with self._freed:
                del self._holders[service]
                self._freed.notify_all()

    def wait_until_free(self, service: str, seconds: float) -> bool:
        """Wait for the action on a service to end; whether it has."""
        with self._freed:
            return self._freed.wait_for(lambda: service not in self._holders, seconds)
