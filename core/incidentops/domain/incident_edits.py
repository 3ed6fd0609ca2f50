"""What an edit makes of an incident: one pure function that every store applies inside its transaction."""

from collections.abc import Callable

from msgspec.structs import replace

from incidentops.domain.checklist import MEANING, Phase, Tick, ticked
from incidentops.domain.incidents import (
    LEGAL,
    ChangeKind,
    Edit,
    Edited,
    IllegalTransition,
    Incident,
    IncidentChange,
    IncidentRefused,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
)

_CHANGES = {
    IncidentStatus.ACKNOWLEDGED: ChangeKind.ACKNOWLEDGED,
    IncidentStatus.RESOLVED: ChangeKind.RESOLVED,
}


def edited(incident: Incident, edit: Edit) -> Edited:
    """The incident after the edit. A status it already has is no change: two people may press the same key.
    Raises IllegalTransition, IncidentRefused."""
    result = Edited(incident)
    for step in _STEPS:
        step(result, edit)
    return result


def moved(incident: Incident, to: IncidentStatus, edit: Edit) -> Edited:
    """The incident after one legal step. Raises IllegalTransition."""
    result = Edited(incident)
    _status(result, replace(edit, status=to))
    return result


def _status(result: Edited, edit: Edit) -> None:
    incident, wanted = result.incident, edit.status
    if wanted is None or wanted is incident.status:
        return
    if wanted not in LEGAL[incident.status]:
        raise IllegalTransition(incident.number, incident.status, wanted)
    result.incident = replace(
        incident,
        status=wanted,
        acknowledged_at=edit.at if wanted is IncidentStatus.ACKNOWLEDGED else incident.acknowledged_at,
        resolved_at=edit.at if wanted is IncidentStatus.RESOLVED else None,
        settle_at=None,
    )
    result.ends_alerts = wanted is IncidentStatus.RESOLVED
    step = f"{incident.status} → {wanted}".replace("_", " ")
    _tell(result, edit, TimelineKind.STATUS, step, status=wanted)
    if kind := _CHANGES.get(wanted):
        result.changes.append(IncidentChange(incident.id, kind, edit.at))


def _severity(result: Edited, edit: Edit) -> None:
    before, wanted = result.incident.severity, edit.severity
    if wanted is None or wanted is before:
        return
    result.incident = replace(result.incident, severity=wanted)
    _tell(
        result, edit, TimelineKind.SEVERITY, f"severity {before} → {wanted}", severity=wanted, before=before
    )
    if wanted.worse_than(before):
        result.changes.append(IncidentChange(result.incident.id, ChangeKind.ESCALATED, edit.at))


def _assignee(result: Edited, edit: Edit) -> None:
    wanted = edit.assignee or None
    if edit.assignee is None or wanted == result.incident.assignee:
        return
    result.incident = replace(result.incident, assignee=wanted)
    text = f"assigned to {wanted}" if wanted else "assigned to nobody"
    _tell(result, edit, TimelineKind.ASSIGNED, text, assignee=wanted or "")


def _team(result: Edited, edit: Edit) -> None:
    wanted = edit.team or None
    if edit.team is None or wanted == result.incident.team:
        return
    result.incident = replace(result.incident, team=wanted)
    _tell(result, edit, TimelineKind.ASSIGNED, f"team {wanted or 'none'}", team=wanted or "")


def _responders(result: Edited, edit: Edit) -> None:
    if edit.responders is None or edit.responders == result.incident.responders:
        return
    result.incident = replace(result.incident, responders=edit.responders)
    names = ", ".join(edit.responders) or "nobody"
    _tell(result, edit, TimelineKind.RESPONDERS, f"responders: {names}")


def _note(result: Edited, edit: Edit) -> None:
    if edit.note:
        _tell(result, edit, TimelineKind.NOTE, edit.note)


def _phases(result: Edited, edit: Edit) -> None:
    for phase, done in edit.phases.items():
        if phase is Phase.DETECT:
            raise IncidentRefused("Detect is done: the incident has been opened.")
        if done is (ticked(result.incident.checklist, phase) is not None):
            continue
        others = tuple(tick for tick in result.incident.checklist if tick.phase is not phase)
        ticks = (*others, Tick(phase, edit.actor, edit.at)) if done else others
        result.incident = replace(result.incident, checklist=ticks)
        text = f"{phase.capitalize()} {'done' if done else 'not done yet'}: {MEANING[phase]}"
        _tell(result, edit, TimelineKind.CHECKLIST, text, phase=phase)


def _tell(result: Edited, edit: Edit, kind: TimelineKind, text: str, **data: str) -> None:
    result.timeline.append(TimelineEntry(result.incident.id, edit.at, kind, edit.actor, text, data))


_STEPS: tuple[Callable[[Edited, Edit], None], ...] = (
    _note,
    _severity,
    _team,
    _assignee,
    _responders,
    _phases,
    _status,
)
