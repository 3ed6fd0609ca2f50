"""What an incident means for the people on call: the one decision, taken whenever it changed or is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from incidentops.domain.incidents import Incident, IncidentStatus
from incidentops.domain.oncall.escalations import (
    Escalation,
    EscalationState,
    acknowledged,
    advance,
)
from incidentops.domain.oncall.people import User
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.suppression.verdict import Suppressions, Surroundings

NO_POLICY = "Nobody is paged: no team with an escalation policy for this severity answers for the service"


@dataclass(frozen=True, slots=True)
class Pending:
    """An incident that changed (then `change_ids` names the changes) or whose escalation is due. Of one that changed
    also: `paged`, who got a page for it, and `moved_by`, who set its status last ("": nobody did yet). `alerts`: the
    labels of those that fire, of the newest hundred, as `labels_of` gives them."""

    incident: Incident
    escalation: Escalation | None = None
    change_ids: tuple[int, ...] = ()
    alerts: tuple[Mapping[str, str], ...] = ()
    paged: tuple[str, ...] = ()
    moved_by: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """How the escalation stands after it (None: there is none), whom to page now, what to write into the
    timeline; `cancels`: pages that nobody has got yet need not go out any more; `told`: who was paged and hears that
    it is acknowledged or resolved; `step`: as in `Advance`; `held_until`: when what keeps its pages back ends by
    itself, where that is known."""

    escalation: Escalation | None
    people: tuple[User, ...] = ()
    notes: tuple[str, ...] = ()
    cancels: bool = False
    told: tuple[User, ...] = ()
    step: int | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision rests on beside the incident itself."""

    now: datetime
    roster: Roster
    suppressions: Suppressions = field(default_factory=Suppressions)
    around: Surroundings = field(default_factory=Surroundings)


def decide(pending: Pending, situation: Situation) -> Decision:
    """What to do about it now."""
    return _due(pending, situation) if not pending.change_ids else _changed(pending, situation)


def _changed(pending: Pending, situation: Situation) -> Decision:
    escalation, status = pending.escalation, pending.incident.status
    if status is IncidentStatus.RESOLVED:
        told = _to_be_told(pending, situation, EscalationState.ENDED)
        return Decision(_ended(escalation), cancels=True, told=told)
    if status is not IncidentStatus.OPEN:
        told = _to_be_told(pending, situation, EscalationState.ACKNOWLEDGED)
        after = acknowledged(escalation, situation.now) if escalation else None
        return Decision(after, cancels=True, told=told)
    started = _started(pending, situation)
    if started is None:
        return Decision(escalation, notes=() if escalation else (NO_POLICY,))
    if escalation and started.policy == escalation.policy:
        return Decision(replace(escalation, severity=pending.incident.severity))
    return _page(pending, started, situation)


def _due(pending: Pending, situation: Situation) -> Decision:
    escalation = pending.escalation
    if escalation is None or pending.incident.resolved:
        return Decision(_ended(escalation), cancels=True)
    working = pending.incident.status is IncidentStatus.IN_PROGRESS
    if working and escalation.state is EscalationState.ACKNOWLEDGED:
        return Decision(replace(escalation, due_at=None))
    return _page(pending, escalation, situation)


def _page(pending: Pending, escalation: Escalation, situation: Situation) -> Decision:
    """Take the step, unless alerting is suppressed: then the same step later. Noted when it begins."""
    now, incident = situation.now, pending.incident
    alerts = pending.alerts or ({"service": incident.service, "severity": incident.severity.value},)
    verdict = situation.suppressions.judge(incident.service, alerts, now, situation.around)
    if verdict:
        note = f"Nobody is paged: {verdict.reason}"
        known = escalation.suppressed == verdict.reason
        held = replace(escalation, due_at=verdict.look_at, suppressed=verdict.reason)
        return Decision(held, notes=() if known else (note,), held_until=verdict.until)
    step = advance(replace(escalation, suppressed=None), situation.roster, now)
    return Decision(step.escalation, step.people, step.notes, step=step.step)


def _to_be_told(pending: Pending, situation: Situation, news: EscalationState) -> tuple[User, ...]:
    """Who was paged and does not know: not who did it, and nobody twice."""
    if pending.escalation is None or pending.escalation.state is news:
        return ()
    users = (situation.roster.users.get(name) for name in pending.paged if name != pending.moved_by)
    return tuple(user for user in users if user and user.news_methods())


def _started(pending: Pending, situation: Situation) -> Escalation | None:
    """The escalation that this incident begins with now; its policy is frozen on it."""
    incident, present = pending.incident, pending.escalation
    team = situation.roster.team_for(incident.service, incident.team)
    policy = situation.roster.policy_for(team, incident.severity)
    if policy is None:
        return None
    return Escalation(
        incident_id=incident.id,
        number=incident.number,
        title=incident.title,
        service=incident.service,
        severity=incident.severity,
        team=team.name if team else None,
        policy=policy,
        started_at=present.started_at if present else situation.now,
        due_at=situation.now,
        revision=present.revision if present else 0,
    )


def _ended(escalation: Escalation | None) -> Escalation | None:
    return replace(escalation, state=EscalationState.ENDED, due_at=None) if escalation else None
