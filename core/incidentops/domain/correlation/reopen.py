"""What reopening by hand makes of a resolved incident: pure, applied by every store inside its transaction."""

from uuid import UUID

from incidentops.domain.correlation.scene import Scene
from incidentops.domain.incidents import (
    ChangeKind,
    Edit,
    Incident,
    IncidentChange,
    IncidentRefused,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
)


def reopen(scene: Scene, before: Incident, edit: Edit, incident_id: UUID) -> None:
    """A new incident of this id in the place of the resolved one and linked to it, which alerts of the same group join.
    Raises IncidentRefused when it is unresolved, part of another, or resolved too long ago."""
    _check(before, edit)
    incident = Incident(
        id=incident_id,
        number=0,
        title=before.title,
        service=before.service,
        severity=before.severity,
        status=IncidentStatus.OPEN,
        created_at=edit.at,
        group_key=before.group_key,
        last_alert_at=edit.at,
        rule=before.rule,
        team=before.team,
        upstream=before.upstream,
        reopened_from=before.id,
    )
    scene.put_incident(incident, new=True)
    scene.changes.append(IncidentChange(incident.id, ChangeKind.CREATED, edit.at))
    scene.timeline += [
        TimelineEntry(incident.id, edit.at, TimelineKind.CREATED, edit.actor, "reopened by hand"),
        _link(incident, before, edit, "the same problem was resolved shortly before"),
        _link(before, incident, edit, "reopened as a new incident"),
    ]


def _check(before: Incident, edit: Edit) -> None:
    if before.merged_into is not None:
        raise IncidentRefused(f"Incident {before.number} is part of another: that one can be reopened.")
    if before.reopen_until is None:
        raise IncidentRefused(f"Incident {before.number} is not resolved.")
    if edit.at > before.reopen_until:
        raise IncidentRefused(f"Incident {before.number} was resolved too long ago: open a new one.")


def _link(incident: Incident, other: Incident, edit: Edit, text: str) -> TimelineEntry:
    data = {"incident_id": str(other.id)}
    return TimelineEntry(incident.id, edit.at, TimelineKind.LINKED, edit.actor, text, data)
