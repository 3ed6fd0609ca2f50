"""What merging makes of two incidents: pure, applied by every store inside its transaction."""

from msgspec.structs import replace

from incidentops.domain.correlation.scene import Scene
from incidentops.domain.incident_edits import moved
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


def merge(scene: Scene, child: Incident, root: Incident, edit: Edit, why: str = "") -> None:
    """The child becomes part of the root: its alerts move there, and it counts as resolved. `why` ends the line
    in both timelines. Raises IncidentRefused when that makes no sense."""
    if child.id == root.id:
        raise IncidentRefused("An incident cannot be merged into itself.")
    for incident in (child, root):
        if incident.resolved:
            raise IncidentRefused(
                f"Incident {incident.number} is resolved: nothing is merged with it any more."
            )
    closed = moved(child, IncidentStatus.RESOLVED, edit).incident
    scene.put_incident(replace(closed, merged_into=root.id, alerts=0, open_alerts=0))
    scene.put_incident(
        replace(
            root,
            alerts=root.alerts + child.alerts,
            open_alerts=root.open_alerts + child.open_alerts,
            last_alert_at=max(root.last_alert_at, child.last_alert_at),
        )
    )
    scene.repoint(child.id, root.id)
    scene.changes.append(IncidentChange(child.id, ChangeKind.RESOLVED, edit.at))
    _worsen(scene, root, child, edit)
    ending = f": {why}" if why else ""
    _tell(scene, child, edit, f"merged into {root.title!r}{ending}", root)
    _tell(scene, root, edit, f"took in {child.title!r}{ending}", child)


def _worsen(scene: Scene, root: Incident, child: Incident, edit: Edit) -> None:
    if child.severity.worse_than(root.severity):
        scene.put_incident(replace(scene.incidents[root.id], severity=child.severity))
        scene.changes.append(IncidentChange(root.id, ChangeKind.ESCALATED, edit.at))


def _tell(scene: Scene, incident: Incident, edit: Edit, text: str, other: Incident) -> None:
    data = {"incident_id": str(other.id)}
    scene.timeline.append(TimelineEntry(incident.id, edit.at, TimelineKind.MERGED, edit.actor, text, data))
