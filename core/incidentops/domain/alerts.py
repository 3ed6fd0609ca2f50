"""Alerts: what sources signal, and what it comes to once repeats are folded into one.

They come by the thousand a second, so they are structs: made, changed and written as JSON in a tenth of the time that
dataclasses take.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from incidentops.domain.severity import Severity

FLAP_WINDOW = timedelta(minutes=10)
"""An alert that fires again this soon after it ended has flapped."""

FLAPPING = 2
"""From so many flaps in a row on its incident is not resolved at once when it ends."""

MAX_NAME = 200
"""Characters in a name (of a service, a source, a team): the database keeps indices of them, which take no more than
a few thousand bytes."""


class SignalKind(StrEnum):
    """What a source says about one alert of its own."""

    FIRING = "firing"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"
    EXPIRED = "expired"
    """Our own clock: the lease has passed. Does nothing when it was renewed meanwhile."""
    BEAT = "beat"
    """A heartbeat: ends the alert of a missing one, and is awaited again until `lease_until`."""


class AlertStatus(StrEnum):
    FIRING = "firing"
    RESOLVED = "resolved"


class Signal(Struct, frozen=True, gc=False):
    """One thing a source said, in our words. `at` is when it was accepted, `started_at` when the source says it
    began. `lease_until`: it counts as resolved when nothing more is heard by then. `upstream`: what its
    service stood on at that moment, nearest first. `once`: the source's own id of this message; a second
    message of the source with the same one changes nothing."""

    kind: SignalKind
    source: str
    dedup_key: str
    at: datetime
    service: str = ""
    name: str = ""
    severity: Severity = Severity.MEDIUM
    summary: str = ""
    fingerprint: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    started_at: datetime | None = None
    lease_until: datetime | None = None
    upstream: tuple[str, ...] = ()
    once: str | None = None

    @property
    def team(self) -> str | None:
        """Whom its label `team` names; what is longer than a name can be names nobody."""
        named = self.labels.get("team", "")
        return named if 0 < len(named) <= MAX_NAME else None

    @property
    def characters(self) -> int:
        """Roughly how much text it holds."""
        texts = (*self.labels, *self.labels.values(), *self.annotations, *self.annotations.values())
        return len(self.summary) + len(self.dedup_key) + sum(map(len, texts))


@dataclass(frozen=True, slots=True)
class SignalBatch:
    """Signals that are stored together or not at all, in their order. Storing a batch again changes nothing."""

    id: UUID
    signals: tuple[Signal, ...]


class Alert(Struct, frozen=True, gc=False):
    """One deduplicated signal: from its first sighting to its end. `count` is how often it was seen; `flaps` how
    often in a row it came back within FLAP_WINDOW; `upstream` as in Signal."""

    id: UUID
    source: str
    dedup_key: str
    fingerprint: str
    service: str
    name: str
    severity: Severity
    summary: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    status: AlertStatus
    started_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    lease_until: datetime | None
    count: int
    flaps: int
    incident_id: UUID
    upstream: tuple[str, ...] = ()

    @property
    def firing(self) -> bool:
        return self.status is AlertStatus.FIRING

    @property
    def flapping(self) -> bool:
        return self.flaps >= FLAPPING

    def seen_again(self, signal: Signal) -> "Alert":
        """The same alert after a repeat: the earliest start and the newest of everything else win."""
        return replace(
            self,
            severity=signal.severity,
            summary=signal.summary,
            labels=signal.labels,
            annotations=signal.annotations,
            started_at=min(self.started_at, signal.started_at or self.started_at),
            last_seen_at=max(self.last_seen_at, signal.at),
            lease_until=signal.lease_until,
            count=self.count + 1,
        )

    def ended(self, at: datetime) -> "Alert":
        """The same alert, over; never before it began."""
        return replace(self, status=AlertStatus.RESOLVED, ended_at=max(at, self.started_at), lease_until=None)

    def flaps_when_back(self, at: datetime) -> int:
        """How often in a row it has flapped if it comes back then."""
        back_soon = self.ended_at is not None and at - self.ended_at <= FLAP_WINDOW
        return self.flaps + 1 if back_soon else 0


_NUMBER = re.compile(r"(?:0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+(?:\.\d+)?)", re.IGNORECASE)
_VOLATILE = frozenset(
    {
        "severity",
        "value",
        "current_value",
        "timestamp",
        "time",
        "trace_id",
        "span_id",
        "request_id",
        "pid",
        "pod",
        "pod_template_hash",
        "container_id",
        "uid",
    }
)
"""Labels that differ between two sightings of one problem."""


def masked(message: str) -> str:
    """The message with its numbers and ids taken out: what two reports of one problem have in common."""
    return _NUMBER.sub("#", message)


def fingerprint(source: str, service: str, name: str, labels: Mapping[str, str]) -> str:
    """What makes two signals the same problem: source, service, name (a message: `masked` first) and the labels
    that are not volatile. 32 hexadecimal digits."""
    parts = [source, service, name]
    for key in sorted(labels.keys() - _VOLATILE):
        parts += (key, labels[key])
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()
