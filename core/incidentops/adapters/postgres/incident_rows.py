"""Incidents, alerts and their timeline to rows and back: their fields have the names of the columns.

Many rows go to the database as one JSON document, which it takes apart itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from incidentops.domain.alerts import Alert, Signal
from incidentops.domain.correlation import read_rules
from incidentops.domain.incidents import Incident, TimelineEntry
from incidentops.ports.incidents import Heartbeat, StoredRules

Row = Mapping[str, Any]

_ENCODER = msgspec.json.Encoder()


def document(items: Iterable[object]) -> str:
    """Many rows as one parameter of a statement."""
    return _ENCODER.encode(list(items)).decode()


def alert_of(row: Row) -> Alert:
    return msgspec.convert(row, Alert)


def incident_of(row: Row) -> Incident:
    return msgspec.convert(row, Incident)


def entry_of(row: Row) -> TimelineEntry:
    return msgspec.convert(row, TimelineEntry)


def heartbeat_of(row: Row) -> Heartbeat:
    return msgspec.convert(row, Heartbeat)


def rules_of(row: Row) -> StoredRules:
    return StoredRules(read_rules(row["document"], row["version"]), row["source"], row["actor"], row["at"])


def beat_of(signal: Signal) -> Heartbeat:
    """What is awaited after a beat; `lease_until` of the signal says by when the next is due."""
    return Heartbeat(
        name=signal.dedup_key,
        service=signal.service,
        severity=signal.severity,
        last_beat_at=signal.at,
        due_at=signal.lease_until or signal.at,
    )
