"""One transaction of intake: read what the signals can touch, correlate in memory, write what changed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from incidentops.adapters.postgres.connection import DeadlineConnection
from incidentops.adapters.postgres.incident_rows import (
    Row,
    alert_of,
    beat_of,
    document,
    incident_of,
)
from incidentops.adapters.postgres.queries import query
from incidentops.domain.alerts import Alert, Signal, SignalBatch
from incidentops.domain.correlation import Correlator, Result, RuleSet, Scene, Taken
from incidentops.domain.incidents import Incident
from incidentops.ports.incidents import Committed, Heartbeat

FILE = "intake.sql"
CHILDREN_WITHIN = timedelta(days=1)
"""No window of a rule is longer: incidents of dependents older than this are not looked at."""

NewId = Callable[[], UUID]
ReadRules = Callable[[DeadlineConnection], RuleSet]


@dataclass(slots=True)
class _Work:
    """A batch that nobody has stored before, and the answers to its signals."""

    batch: SignalBatch
    taken: list[Taken] = field(default_factory=list)


class Ingestion:
    """Stores batches on a connection that is in a transaction."""

    def __init__(self, connection: DeadlineConnection, read_rules: ReadRules, new_id: NewId) -> None:
        self._connection, self._read_rules, self._new_id = connection, read_rules, new_id
        self._scene = Scene()

    def store(self, batches: Sequence[SignalBatch]) -> Committed:
        """All signals of all batches, in order. A batch stored before is passed over, and so is a message that
        its source has sent before."""
        self._run("lock_intake")
        new = self._unclaimed(batches)
        signals = [signal for work in new for signal in work.batch.signals]
        rules = self._read_rules(self._connection)
        self._know(rules, signals)
        correlator = Correlator(rules, self._scene, self._new_id)
        fresh = self._claimed_messages(signals)
        for work in new:
            work.taken = [self._take(correlator, signal, fresh) for signal in work.batch.signals]
        return write_scene(self._connection, self._scene, {work.batch.id: tuple(work.taken) for work in new})

    def _take(self, correlator: Correlator, signal: Signal, fresh: set[tuple[str, str]]) -> Taken:
        if signal.once is not None:
            key = (signal.source, signal.once)
            if key not in fresh:
                return Taken(Result.IGNORED)
            fresh.discard(key)
        return correlator.take(signal)

    def _unclaimed(self, batches: Sequence[SignalBatch]) -> list[_Work]:
        rows = self._run("claim_batches", {"ids": [batch.id for batch in batches]})
        fresh = {row["id"] for row in rows}
        return [_Work(batch) for batch in batches if batch.id in fresh]

    def _claimed_messages(self, signals: Sequence[Signal]) -> set[tuple[str, str]]:
        """Of the messages with an id of their own those that are new."""
        keys = {(signal.source, signal.once) for signal in signals if signal.once is not None}
        if not keys:
            return set()
        rows = self._run(
            "claim_messages", {"sources": [key[0] for key in keys], "onces": [key[1] for key in keys]}
        )
        return {(row["source"], row["once"]) for row in rows}

    def _know(self, rules: RuleSet, signals: Sequence[Signal]) -> None:
        if not signals:
            return
        keys = {(signal.source, signal.dedup_key) for signal in signals}
        parameters = {"sources": [key[0] for key in keys], "keys": [key[1] for key in keys]}
        alerts = [alert_of(row) for row in self._run("newest_alerts", parameters)]
        self._scene.know(alerts, self._incidents(rules, signals, alerts))

    def _incidents(
        self, rules: RuleSet, signals: Sequence[Signal], alerts: Sequence[Alert]
    ) -> list[Incident]:
        group_keys: set[str] = set()
        roots: set[str] = set()
        for signal in signals:
            rule = rules.rule_for(signal)
            group_keys.add(rule.group_key(signal))
            if rule.group_by is None:
                group_keys.update(map(rule.key_of_service, signal.upstream))
                roots.add(signal.service)
        parameters = {
            "ids": list({alert.incident_id for alert in alerts}),
            "group_keys": list(group_keys),
            "roots": list(roots),
            "recent": min(signal.at for signal in signals) - CHILDREN_WITHIN,
        }
        return [incident_of(row) for row in self._run("lock_incidents", parameters)]

    def _run(self, name: str, parameters: Row | None = None) -> list[Row]:
        cursor = self._connection.execute(query(name, FILE), parameters)
        return list(cursor.fetchall()) if cursor.description else []


def write_scene(
    connection: DeadlineConnection, scene: Scene, taken: dict[UUID, tuple[Taken, ...]] | None = None
) -> Committed:
    """Write everything that changed in a scene, and say what that is."""
    if scene.new_incidents:
        rows = connection.execute(query("take_numbers", FILE), {"count": len(scene.new_incidents)}).fetchall()
        scene.number_new(row["number"] for row in rows)
    opened = [scene.incidents[incident_id] for incident_id in scene.new_incidents]
    changed = [scene.incidents[incident_id] for incident_id in scene.changed_incidents]
    with connection.pipeline():  # one wait for all of them
        _write(connection, "insert_incidents", opened)
        _write(connection, "update_incidents", changed)
        for child, root in scene.merges:
            connection.execute(query("move_alerts", FILE), {"child": child, "root": root})
        _write(connection, "update_alerts", scene.changed_alerts.values())
        _write(connection, "insert_alerts", scene.new_alerts.values())
        _write(connection, "insert_timeline", scene.timeline)
        _write(connection, "insert_changes", scene.changes)
        _write(connection, "save_beats", _newest_beats(scene.beats))
    return Committed(
        taken=taken or {},
        incidents=tuple(opened + changed),
        alert_ids=(*scene.new_alerts, *scene.changed_alerts),
        opened=tuple(opened),
        changes=tuple(scene.changes),
    )


def _write(connection: DeadlineConnection, name: str, items: Collection[object]) -> None:
    if items:
        connection.execute(query(name, FILE), document(items))


def _newest_beats(beats: Iterable[Signal]) -> list[Heartbeat]:
    """One row may be written once per statement."""
    return list({beat.dedup_key: beat_of(beat) for beat in beats}.values())
