"""Lives through a recording."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import count
from uuid import UUID

from incidentops.domain.alerts import Signal, SignalKind
from incidentops.domain.correlation.correlator import Correlator
from incidentops.domain.correlation.rules import RuleSet
from incidentops.domain.correlation.scene import Result, Scene, Taken
from incidentops.domain.incident_edits import edited
from incidentops.domain.incidents import (
    ChangeKind,
    Edit,
    IllegalTransition,
    Incident,
    IncidentChange,
    IncidentStatus,
)
from incidentops.domain.replay.agenda import Agenda, Turn
from incidentops.domain.replay.paging import Circumstances, Page, PagingReplay
from incidentops.domain.replay.recording import Recording, Sighting, Step
from incidentops.domain.suppression.silences import labels_of


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that decides what becomes of a recording."""

    rules: RuleSet
    circumstances: Circumstances


@dataclass(frozen=True, slots=True)
class Replayed:
    """An incident that came of it. `members`: the ids of its alerts, or its own when somebody opened it."""

    members: frozenset[UUID]
    incident: Incident
    pages: tuple[Page, ...]


def replay(recording: Recording, setting: Setting) -> list[Replayed]:
    """The incidents, in the order they were opened; those that became part of another are not among them."""
    run = _Run(setting)
    for sighting in recording.sightings():
        run.agenda.add(sighting.signal.at, Turn.SIGNAL, partial(run.take, sighting))
    for incident in recording.opened_by_hand():
        run.agenda.add(incident.created_at, Turn.SIGNAL, partial(run.open, incident))
    for step in recording.steps():
        run.agenda.add(step.edit.at, Turn.STEP, partial(run.apply, step))
    run.agenda.run(recording.until)
    return run.outcome()


class _Run:
    def __init__(self, setting: Setting) -> None:
        self.agenda, self._scene, numbers = Agenda(), Scene(), count(1)
        self._correlator = Correlator(setting.rules, self._scene, lambda: UUID(int=next(numbers)))
        self._paging = PagingReplay(setting.circumstances, self._scene, self.agenda)
        self._homes: dict[UUID, UUID] = {}

    def take(self, sighting: Sighting, now: datetime) -> None:
        taken = self._correlator.take(sighting.signal)
        if taken.incident_id is None:
            return
        if sighting.signal.kind is SignalKind.FIRING:
            self._homes.setdefault(sighting.alert_id, taken.incident_id)
        self._follow_alert(taken, sighting.signal, now)
        self._follow_merges(now)
        self._plan_settling(self._scene.incidents[taken.incident_id])
        self._page(now)

    def open(self, incident: Incident, now: datetime) -> None:
        self._scene.put_incident(incident, new=True)
        self._scene.changes.append(IncidentChange(incident.id, ChangeKind.CREATED, now))
        self._homes[incident.id] = incident.id
        self._page(now)

    def apply(self, step: Step, now: datetime) -> None:
        """To every incident that has a part of the one it was done to."""
        for incident_id in dict.fromkeys(
            self._homes[member] for member in sorted(step.members) if member in self._homes
        ):
            incident = self._scene.incidents[incident_id]
            if step.edit.status is not IncidentStatus.RESOLVED or not incident.open_alerts:
                self._edit(incident, step.edit)
        self._page(now)

    def outcome(self) -> list[Replayed]:
        members: dict[UUID, set[UUID]] = defaultdict(set)
        for member, home in self._homes.items():
            members[home].add(member)
        return [
            Replayed(frozenset(members[incident.id]), incident, self._paging.pages(incident.id))
            for incident in self._scene.incidents.values()
            if members[incident.id]
        ]

    # -- inside ------------------------------------------------------------------------------------------

    def _edit(self, incident: Incident, edit: Edit) -> None:
        with suppress(IllegalTransition):  # under other rules it may stand elsewhere
            result = edited(incident, edit)
            self._scene.put_incident(result.incident)
            self._scene.changes += result.changes

    def _plan_settling(self, incident: Incident) -> None:
        if incident.settle_at is not None:
            settle = partial(self._settle, incident.id, incident.settle_at)
            self.agenda.add(incident.settle_at, Turn.SETTLE, settle)

    def _settle(self, incident_id: UUID, planned: datetime, now: datetime) -> None:
        incident = self._scene.incidents[incident_id]
        if incident.settle_at == planned:
            self._edit(incident, Edit("incidentops", now, status=IncidentStatus.RESOLVED))
            self._page(now)

    def _follow_alert(self, taken: Taken, signal: Signal, now: datetime) -> None:
        """Which alerts fire decides which silences hold."""
        if taken.incident_id is None or taken.alert_id is None:
            return
        if taken.result is Result.RESOLVED:
            self._paging.ended(taken.incident_id, taken.alert_id, now)
        elif signal.kind is SignalKind.FIRING:
            self._paging.fires(taken.incident_id, taken.alert_id, labels_of(signal), now)

    def _follow_merges(self, now: datetime) -> None:
        """What was merged meanwhile lives elsewhere now."""
        while self._scene.merges:
            child, root = self._scene.merges.pop()
            self._paging.merged(child, root, now)
            self._homes |= {member: root for member, home in self._homes.items() if home == child}

    def _page(self, now: datetime) -> None:
        changes, self._scene.changes = self._scene.changes, []
        self._paging.changed((change.incident_id for change in changes), now)
