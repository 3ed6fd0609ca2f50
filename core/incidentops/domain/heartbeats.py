"""Heartbeats: programs that say they live. A beat that does not come is an alert."""

from datetime import datetime, timedelta

from incidentops.domain.alerts import Signal, SignalKind, fingerprint
from incidentops.domain.severity import Severity

SOURCE = "heartbeat"


def beat(name: str, at: datetime, interval: timedelta, service: str, severity: Severity) -> Signal:
    """It lives; the next beat is awaited within the interval."""
    return Signal(
        kind=SignalKind.BEAT,
        source=SOURCE,
        dedup_key=name,
        at=at,
        service=service,
        name="HeartbeatMissing",
        severity=severity,
        lease_until=at + interval,
    )


def missing(name: str, at: datetime, service: str, severity: Severity, last_beat_at: datetime) -> Signal:
    """It has not come."""
    return Signal(
        kind=SignalKind.FIRING,
        source=SOURCE,
        dedup_key=name,
        at=at,
        service=service,
        name="HeartbeatMissing",
        severity=severity,
        summary=f"No heartbeat of {name} since {last_beat_at:%Y-%m-%d %H:%M:%S} UTC",
        fingerprint=fingerprint(SOURCE, service, name, {}),
    )
