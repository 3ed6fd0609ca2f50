"""The policies in force, and what is wrong with the files that could not be taken."""

from collections.abc import Callable
from typing import Generic

from incidentops.ports import PolicyReading, PolicySource
from incidentops.ports.policies import P


class NoPolicyFiles(Generic[P]):
    """Nothing but the built-in policy."""

    def read(self) -> PolicyReading[P]:
        return PolicyReading()


class PolicyBook(Generic[P]):
    """One thread refreshes; any thread reads."""

    def __init__(self, source: PolicySource[P]) -> None:
        self._source = source
        self._reading = source.read()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Hear that what is in force, or what is wrong, has changed."""
        self._listeners.append(listener)

    @property
    def reading(self) -> PolicyReading[P]:
        return self._reading

    def refresh(self) -> None:
        """Take in what the files say now."""
        before, self._reading = self._reading, self._source.read()
        if self._reading != before:
            for listener in self._listeners:
                listener()
