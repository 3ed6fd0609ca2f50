"""What would have been: stored alerts taken in again under other rules, and where the incidents differ."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidentops.domain.alerts import Alert, Signal, SignalKind
from incidentops.domain.correlation import Correlator, RuleSet, Scene
from incidentops.messages.ids import ordered_ids

MAX_ALERTS = 50_000
"""How much history one replay takes in."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """What one rule set makes of the history: incidents as groups of alert ids, with the service of each."""

    groups: dict[frozenset[UUID], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Alerts taken in, incidents under each rule set, and the groups that only one of them makes."""

    alerts: int
    before: int
    after: int
    only_before: tuple[tuple[str, int], ...]
    only_after: tuple[tuple[str, int], ...]


def compare(history: Iterable[Alert], before: RuleSet, after: RuleSet) -> Difference:
    """Replay the same alerts under two rule sets. A group is told as its service and its number of alerts."""
    alerts = list(history)
    old, new = grouping(alerts, before).groups, grouping(alerts, after).groups
    return Difference(
        alerts=len(alerts),
        before=len(old),
        after=len(new),
        only_before=tuple((old[group], len(group)) for group in old if group not in new),
        only_after=tuple((new[group], len(group)) for group in new if group not in old),
    )


def grouping(alerts: Iterable[Alert], rules: RuleSet) -> Grouping:
    """Take alerts in again, from their first sighting to their end."""
    scene = Scene()
    correlator = Correlator(rules, scene, ordered_ids())
    members: dict[UUID, set[UUID]] = defaultdict(set)
    homes: dict[UUID, UUID] = {}
    for alert_id, signal in _signals(list(alerts)):
        taken = correlator.take(signal)
        if signal.kind is SignalKind.FIRING and taken.incident_id and alert_id not in homes:
            homes[alert_id] = taken.incident_id
        _follow(homes, scene)
    for alert_id, incident_id in homes.items():
        members[incident_id].add(alert_id)
    return Grouping({frozenset(ids): scene.incidents[home].service for home, ids in members.items()})


def _follow(homes: dict[UUID, UUID], scene: Scene) -> None:
    """What was merged meanwhile lives elsewhere now."""
    while scene.merges:
        child, root = scene.merges.pop()
        homes |= {alert_id: root for alert_id, home in homes.items() if home == child}


def _signals(alerts: list[Alert]) -> Iterator[tuple[UUID, Signal]]:
    """First sighting, last sighting and end of every alert, in the order of time."""
    found: list[tuple[datetime, int, UUID, Signal]] = []
    for place, alert in enumerate(alerts):
        found.append((alert.started_at, place, alert.id, _sighting(alert, alert.started_at)))
        if alert.count > 1:
            found.append((alert.last_seen_at, place, alert.id, _sighting(alert, alert.last_seen_at)))
        if alert.ended_at:
            end = Signal(SignalKind.RESOLVED, alert.source, alert.dedup_key, alert.ended_at)
            found.append((alert.ended_at, place, alert.id, end))
    found.sort(key=lambda item: item[:2])
    yield from ((alert_id, signal) for _, _, alert_id, signal in found)


def _sighting(alert: Alert, at: datetime) -> Signal:
    return Signal(
        kind=SignalKind.FIRING,
        source=alert.source,
        dedup_key=alert.dedup_key,
        at=at,
        service=alert.service,
        name=alert.name,
        severity=alert.severity,
        summary=alert.summary,
        fingerprint=alert.fingerprint,
        labels=alert.labels,
        upstream=alert.upstream,
    )
