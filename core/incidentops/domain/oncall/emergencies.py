"""Paging without a database: which step of its policy a service's critical alerts have reached. Pure.

Once the database is back, the escalation of the incident goes on from there (paging.py): nobody is paged twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from incidentops.domain.alerts import Signal, SignalKind
from incidentops.domain.notifications.notification import Notification, NotificationState
from incidentops.domain.oncall.escalations import Escalation, EscalationState, acknowledged, advance
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.suppression.silences import labels_of
from incidentops.domain.suppression.verdict import Suppressions, Surroundings

AGAIN = timedelta(minutes=10)
"""A critical alert this soon after the last page of its service is the same problem, even if it was over meanwhile."""

AlertKey = tuple[str, str]
"""Source and dedup key."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """Of one service. `escalation` is that of an incident which nobody has opened yet: without a number, by an id of
    its own. `firing`: its alerts that are not over, with their labels. `pages`: all so far, as they stand now; `notes`:
    what the timeline will tell; `paged_at`: when the last step was taken."""

    escalation: Escalation
    firing: Mapping[AlertKey, Mapping[str, str]]
    paged_at: datetime
    pages: tuple[Notification, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def service(self) -> str:
        return self.escalation.service

    def due(self, now: datetime) -> bool:
        """Whether the next step is; none is while all alerts are over."""
        due_at = self.escalation.due_at
        return bool(self.firing) and due_at is not None and due_at <= now

    def lasts(self, now: datetime) -> bool:
        """Whether a further alert of the service is the same problem."""
        exhausted = self.escalation.state is EscalationState.EXHAUSTED
        return (bool(self.firing) and not exhausted) or now - self.paged_at < AGAIN


def begun(signal: Signal, roster: Roster, now: datetime, incident_id: UUID) -> Emergency:
    """By the policy of the service's team, which is frozen; its first step is due at once."""
    team = roster.team_for(signal.service, signal.labels.get("team"))
    policy = roster.policy_for(team, signal.severity) or _whole(team)
    escalation = Escalation(
        incident_id=incident_id,
        number=0,
        title=signal.summary or signal.name,
        service=signal.service,
        severity=signal.severity,
        team=team.name if team else None,
        policy=policy,
        started_at=now,
        due_at=now,
    )
    return Emergency(escalation, {(signal.source, signal.dedup_key): labels_of(signal)}, now)


def heard(emergency: Emergency, signal: Signal, now: datetime) -> Emergency:
    """After a further word on one of its alerts: an acknowledgement, or the end of the last one, stops it. What keeps
    its pages back may not hold for a new alert: it is judged again."""
    key = (signal.source, signal.dedup_key)
    if signal.kind is SignalKind.FIRING:
        due_at = now if emergency.escalation.suppressed else emergency.escalation.due_at
        escalation = replace(emergency.escalation, due_at=due_at)
        return replace(emergency, escalation=escalation, firing={**emergency.firing, key: labels_of(signal)})
    if signal.kind is SignalKind.ACKNOWLEDGED:
        return _quiet(replace(emergency, escalation=acknowledged(emergency.escalation, now)))
    firing = {other: labels for other, labels in emergency.firing.items() if other != key}
    left = replace(emergency, firing=firing)
    return left if firing else _quiet(left)


def stepped(
    emergency: Emergency, roster: Roster, suppressions: Suppressions, now: datetime
) -> tuple[Emergency, tuple[User, ...]]:
    """Take the step that is due, and whom to page for it; while alerting is suppressed, the same step later."""
    verdict = suppressions.judge(emergency.service, list(emergency.firing.values()), now, Surroundings())
    if verdict:
        held = replace(emergency.escalation, due_at=verdict.look_at, suppressed=verdict.reason)
        return replace(emergency, escalation=held), ()
    step = advance(replace(emergency.escalation, suppressed=None), roster, now)
    notes = tuple(f"{note}, while Postgres was away" for note in step.notes)
    after = replace(emergency, escalation=step.escalation, paged_at=now, notes=(*emergency.notes, *notes))
    return after, step.people


def _quiet(emergency: Emergency) -> Emergency:
    """Without the pages that nobody has got yet."""
    pages = tuple(page for page in emergency.pages if page.state is not NotificationState.PENDING)
    return replace(emergency, pages=pages)


def _whole(team: Team | None) -> EscalationPolicy:
    """For a team without a policy: everybody at once."""
    targets = tuple(Target(TargetKind.USER, name) for name in (team.members if team else ()))
    return EscalationPolicy("the whole team", (Step(targets, timedelta()),))
