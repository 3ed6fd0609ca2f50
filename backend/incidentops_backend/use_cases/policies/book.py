"""The policies in force, and what is wrong with the files that could not be taken."""

from collections.abc import Callable

from incidentops.domain.policies import Ailment, Policy, policy_for
from incidentops.domain.services import Service
from incidentops.ports import PolicyReading, PolicySource


class PolicyBook:
    """One thread refreshes; any thread reads."""

    def __init__(self, source: PolicySource) -> None:
        self._source = source
        self._reading = source.read()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Hear that what is in force, or what is wrong, has changed."""
        self._listeners.append(listener)

    @property
    def reading(self) -> PolicyReading:
        return self._reading

    def refresh(self) -> None:
        """Take in what the files say now."""
        before, self._reading = self._reading, self._source.read()
        if self._reading != before:
            for listener in self._listeners:
                listener()

    def policy_for(self, service: Service, ailment: Ailment) -> Policy | None:
        """Which policy speaks for the service in this state, if any."""
        return policy_for(service, ailment, self._reading.policies)
