"""Incidents, alerts and their timeline to rows and back. Many rows go to the database as one JSON document."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from incidentops.domain.alerts import Alert, AlertStatus, Signal
from incidentops.domain.checklist import Phase, Tick
from incidentops.domain.incidents import (
    Incident,
    IncidentChange,
    IncidentStatus,
    TimelineEntry,
    TimelineKind,
)
from incidentops.domain.severity import Severity
from incidentops.ports.incidents import Heartbeat

Row = Mapping[str, Any]
T = TypeVar("T")


def document(items: Iterable[T], row_of: Callable[[T], Row]) -> Row:
    """The parameters of a statement that takes many rows at once."""
    return {"rows": json.dumps([row_of(item) for item in items], separators=(",", ":"))}


def alert_row(alert: Alert) -> Row:
    return {
        "id": str(alert.id),
        "source": alert.source,
        "dedup_key": alert.dedup_key,
        "fingerprint": alert.fingerprint,
        "service": alert.service,
        "name": alert.name,
        "severity": alert.severity,
        "summary": alert.summary,
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "status": alert.status,
        "started_at": alert.started_at.isoformat(),
        "last_seen_at": alert.last_seen_at.isoformat(),
        "ended_at": _text(alert.ended_at),
        "lease_until": _text(alert.lease_until),
        "count": alert.count,
        "flaps": alert.flaps,
        "incident_id": str(alert.incident_id),
        "upstream": alert.upstream,
    }


def alert_of(row: Row) -> Alert:
    return Alert(
        id=row["id"],
        source=row["source"],
        dedup_key=row["dedup_key"],
        fingerprint=row["fingerprint"],
        service=row["service"],
        name=row["name"],
        severity=Severity(row["severity"]),
        summary=row["summary"],
        labels=row["labels"],
        annotations=row["annotations"],
        status=AlertStatus(row["status"]),
        started_at=row["started_at"].astimezone(UTC),
        last_seen_at=row["last_seen_at"].astimezone(UTC),
        ended_at=_utc(row["ended_at"]),
        lease_until=_utc(row["lease_until"]),
        count=row["count"],
        flaps=row["flaps"],
        incident_id=row["incident_id"],
        upstream=tuple(row["upstream"]),
    )


def incident_row(incident: Incident) -> Row:
    return {
        "id": str(incident.id),
        "number": incident.number,
        "title": incident.title,
        "service": incident.service,
        "severity": incident.severity,
        "status": incident.status,
        "created_at": incident.created_at.isoformat(),
        "group_key": incident.group_key,
        "last_alert_at": incident.last_alert_at.isoformat(),
        "rule": incident.rule,
        "assignee": incident.assignee,
        "team": incident.team,
        "responders": incident.responders,
        "acknowledged_at": _text(incident.acknowledged_at),
        "resolved_at": _text(incident.resolved_at),
        "settle_at": _text(incident.settle_at),
        "alerts": incident.alerts,
        "open_alerts": incident.open_alerts,
        "upstream": incident.upstream,
        "merged_into": _text(incident.merged_into),
        "reopened_from": _text(incident.reopened_from),
        "checklist": [
            {"phase": tick.phase, "by": tick.by, "at": tick.at.isoformat()} for tick in incident.checklist
        ],
    }


def incident_of(row: Row) -> Incident:
    return Incident(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        service=row["service"],
        severity=Severity(row["severity"]),
        status=IncidentStatus(row["status"]),
        created_at=row["created_at"].astimezone(UTC),
        group_key=row["group_key"],
        last_alert_at=row["last_alert_at"].astimezone(UTC),
        rule=row["rule"],
        assignee=row["assignee"],
        team=row["team"],
        responders=tuple(row["responders"]),
        acknowledged_at=_utc(row["acknowledged_at"]),
        resolved_at=_utc(row["resolved_at"]),
        settle_at=_utc(row["settle_at"]),
        alerts=row["alerts"],
        open_alerts=row["open_alerts"],
        upstream=tuple(row["upstream"]),
        merged_into=row["merged_into"],
        reopened_from=row["reopened_from"],
        checklist=tuple(
            Tick(Phase(tick["phase"]), tick["by"], datetime.fromisoformat(tick["at"]))
            for tick in row["checklist"]
        ),
    )


def entry_row(entry: TimelineEntry) -> Row:
    return {
        "incident_id": str(entry.incident_id),
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "actor": entry.actor,
        "text": entry.text,
        "data": dict(entry.data),
    }


def entry_of(row: Row) -> TimelineEntry:
    return TimelineEntry(
        incident_id=row["incident_id"],
        at=row["at"].astimezone(UTC),
        kind=TimelineKind(row["kind"]),
        actor=row["actor"],
        text=row["text"],
        data=row["data"],
    )


def change_row(change: IncidentChange) -> Row:
    return {"incident_id": str(change.incident_id), "kind": change.kind, "at": change.at.isoformat()}


def beat_row(signal: Signal) -> Row:
    """The row of a heartbeat; `lease_until` of the signal says by when the next is due."""
    return {
        "name": signal.dedup_key,
        "service": signal.service,
        "severity": signal.severity,
        "last_beat_at": signal.at.isoformat(),
        "due_at": (signal.lease_until or signal.at).isoformat(),
    }


def heartbeat_of(row: Row) -> Heartbeat:
    return Heartbeat(
        name=row["name"],
        service=row["service"],
        severity=Severity(row["severity"]),
        last_beat_at=row["last_beat_at"].astimezone(UTC),
        due_at=row["due_at"].astimezone(UTC),
    )


def _text(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _utc(value: datetime | None) -> datetime | None:
    return value.astimezone(UTC) if value else None
