"""Who is paged in a replay: the decisions of the live pager, on a clock that jumps."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from uuid import UUID

from msgspec import structs

from incidentops.domain.correlation.scene import Scene
from incidentops.domain.notifications.contacts import Channel
from incidentops.domain.oncall.escalations import Escalation, EscalationState
from incidentops.domain.oncall.paging import Decision, Pending, Situation, decide
from incidentops.domain.oncall.people import urgency_of
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.replay.agenda import Agenda, Turn
from incidentops.domain.suppression.verdict import Suppressions, Surroundings

_SOME_CHANGE = (0,)
"""Which changes they are is the store's business."""


@dataclass(frozen=True, slots=True, order=True)
class Page:
    """A page as it goes out: quiet hours have passed, and every channel works. `step` counts from 1; None: no
    step reached anybody, so that the whole team is paged."""

    at: datetime
    recipient: str
    channel: Channel
    step: int | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What paging rests on beside the incidents: who is on call, what holds pages back, and the services' groups
    and dependencies."""

    roster: Roster
    suppressions: Suppressions = field(default_factory=Suppressions)
    groups: Mapping[str, str] = field(default_factory=dict)
    depends_on: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Look:
    """When an incident that is held back is looked at: first, and again after each period."""

    first: datetime
    period: timedelta


class PagingReplay:
    """Follows the incidents of a scene."""

    def __init__(self, circumstances: Circumstances, scene: Scene, agenda: Agenda) -> None:
        self._given, self._scene, self._agenda = circumstances, scene, agenda
        self._escalations: dict[UUID, Escalation] = {}
        self._pages: dict[UUID, list[Page]] = defaultdict(list)
        self._firing: dict[UUID, dict[UUID, Mapping[str, str]]] = defaultdict(dict)
        self._troubled: Counter[str] = Counter()
        self._held: dict[UUID, _Look] = {}

    def pages(self, incident_id: UUID) -> tuple[Page, ...]:
        """All that went out, oldest first."""
        return tuple(sorted(self._pages[incident_id], key=lambda page: (page.at, page.recipient)))

    def fires(self, incident_id: UUID, alert_id: UUID, labels: Mapping[str, str], now: datetime) -> None:
        """One of its alerts fires, with these labels."""
        self._firing[incident_id][alert_id] = labels
        self._look_again([incident_id], now)

    def ended(self, incident_id: UUID, alert_id: UUID, now: datetime) -> None:
        """One of its alerts fires no more."""
        self._firing[incident_id].pop(alert_id, None)
        self._look_again([incident_id], now)

    def merged(self, child: UUID, root: UUID, now: datetime) -> None:
        """The alerts of one incident are those of another from now on."""
        self._firing[root] |= self._firing.pop(child, {})
        self._look_again([root], now)

    def changed(self, incident_ids: Iterable[UUID], now: datetime) -> None:
        """Take up what happened to incidents."""
        for incident_id in dict.fromkeys(incident_ids):
            self._decide(incident_id, _SOME_CHANGE, now)

    # -- inside ------------------------------------------------------------------------------------------

    def _due(self, planned: Escalation, now: datetime) -> None:
        if self._escalations[planned.incident_id] is planned:  # else something came in between
            self._decide(planned.incident_id, (), now)

    def _decide(self, incident_id: UUID, change_ids: tuple[int, ...], now: datetime) -> None:
        incident, before = self._scene.incidents[incident_id], self._escalations.get(incident_id)
        alerts = tuple(self._firing[incident_id].values())[-100:]
        pending = Pending(incident, before, change_ids, alerts)
        given = self._given
        around = Surroundings(given.groups, given.depends_on, self._troubled.keys())
        decision = decide(pending, Situation(now, given.roster, given.suppressions, around))
        if decision.cancels:
            self._pages[incident_id] = [page for page in self._pages[incident_id] if page.at <= now]
        if decision.escalation:
            self._page(decision.escalation, decision, now)
            self._keep(before, decision, now)

    def _page(self, escalation: Escalation, decision: Decision, now: datetime) -> None:
        urgency = urgency_of(escalation.severity)
        step = None if decision.step is None else decision.step + 1
        self._pages[escalation.incident_id] += [
            Page(user.free_at(urgency, now), user.name, user.methods_for(urgency)[0].channel, step)
            for user in decision.people
        ]
        incident = self._scene.incidents[escalation.incident_id]
        if decision.people and not incident.team:
            self._scene.put_incident(structs.replace(incident, team=escalation.team))

    def _keep(self, before: Escalation | None, decision: Decision, now: datetime) -> None:
        after = decision.escalation
        assert after is not None  # noqa: S101  # for the type checker; asked before
        self._escalations[after.incident_id] = after
        troubled = set(self._troubled)
        self._troubled[after.service] += after.troubles - (before is not None and before.troubles)
        self._troubled += Counter()  # drops what counts nothing
        self._plan(after, decision.held_until, now)
        if troubled != set(self._troubled):
            self._look_again(list(self._held), now)

    def _plan(self, escalation: Escalation, held_until: datetime | None, now: datetime) -> None:
        self._held.pop(escalation.incident_id, None)
        if escalation.due_at is None or escalation.state is EscalationState.ENDED:
            return
        if escalation.suppressed:
            self._held[escalation.incident_id] = _Look(escalation.due_at, escalation.due_at - now)
        at = held_until if escalation.suppressed else escalation.due_at
        if at:
            self._agenda.add(at, Turn.DUE, partial(self._due, escalation))

    def _look_again(self, incident_ids: Iterable[UUID], now: datetime) -> None:
        """At those that are held back, each at the next of its looks. Nothing could be seen before: neither trouble
        nor alerts came or went."""
        for incident_id in incident_ids:
            if look := self._held.pop(incident_id, None):
                at = look.first + look.period * max(0, ceil((now - look.first) / look.period))
                self._agenda.add(at, Turn.DUE, partial(self._due, self._escalations[incident_id]))
