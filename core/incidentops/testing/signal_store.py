"""What the contracts of alerts and of incidents share: a store that takes signals, and short words for using it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from incidentops.domain.alerts import Signal
from incidentops.domain.correlation import Taken
from incidentops.domain.incidents import (
    Edit,
    Incident,
    TimelineKind,
)
from incidentops.ports import Fact
from incidentops.ports.escalations import Escalations
from incidentops.ports.incidents import Committed, IncidentFilter, IncidentStore
from incidentops.testing.incidents import BEGIN, a_batch

ANY_INCIDENT = IncidentFilter()


class SignalStore(Protocol):
    """A store that takes signals and shows what they come to."""

    @property
    def incidents(self) -> IncidentStore: ...

    @property
    def escalations(self) -> Escalations: ...

    def write(self, facts: Sequence[Fact]) -> None: ...


def at(seconds: float) -> datetime:
    """So long after the beginning of the tests' time."""
    return BEGIN + timedelta(seconds=seconds)


def by_alice(seconds: float = 60.0, **fields: object) -> Edit:
    """An edit of hers; the fields are those of `Edit`."""
    return Edit("alice", at(seconds), **fields)  # type: ignore[arg-type]  # the tests name real fields


def send(store: SignalStore, *signals: Signal) -> list[Taken]:
    """Store signals as one batch; returns what each came to."""
    heard: list[Committed] = []
    store.incidents.listen(heard.append)
    batch = a_batch(*signals)
    store.write([batch])
    return list(heard[0].taken[batch.id])


def only(store: SignalStore) -> Incident:
    """The one incident that there is."""
    [incident] = store.incidents.incidents(ANY_INCIDENT).items
    return incident


def told(store: SignalStore, incident: Incident) -> list[TimelineKind]:
    """The kinds of the incident's timeline, oldest first."""
    return [entry.kind for entry in store.incidents.timeline(incident.id)]
