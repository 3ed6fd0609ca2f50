"""One transaction of intake: read what the signals can touch, correlate in memory, write what changed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import DictRow

from incidentops.adapters.postgres.connection import DeadlineConnection
from incidentops.adapters.postgres.incident_rows import (
    Row,
    alert_of,
    beat_of,
    document,
    incident_of,
    rules_of,
)
from incidentops.adapters.postgres.queries import query
from incidentops.domain.alerts import Signal, SignalBatch
from incidentops.domain.correlation import DEFAULT_RULES, Correlator, Result, RuleSet, Scene, Taken
from incidentops.ports.incidents import Committed, Heartbeat

FILE = "intake.sql"
CHILDREN_WITHIN = timedelta(days=1)
"""No window of a rule is longer: incidents of dependents older than this are not looked at."""

NewId = Callable[[], UUID]
Found = Cursor[DictRow]


class KnownRules:
    """The rules as they were last read. Each transaction begins with them and reads what applies by then."""

    def __init__(self) -> None:
        self.newest = DEFAULT_RULES

    def learn(self, row: Row | None) -> RuleSet:
        """What applies; read anew only when the version is another."""
        if row is None:
            self.newest = DEFAULT_RULES
        elif row["version"] != self.newest.version:
            self.newest = rules_of(row).rules
        return self.newest


class Ingestion:
    """Stores batches on a connection that streams a transaction: everything that can be asked at once is sent before
    the first answer is read."""

    def __init__(self, connection: DeadlineConnection, rules: KnownRules, new_id: NewId) -> None:
        self._connection, self._rules, self._new_id = connection, rules, new_id
        self._scene = Scene()

    def store(self, batches: Sequence[SignalBatch]) -> Committed:
        """All signals of all batches, in order. A batch stored before is passed over, and so is a message that
        its source has sent before."""
        signals = [signal for batch in batches for signal in batch.signals]
        self._run("lock_intake")
        claimed = self._run("claim_batches", {"ids": [batch.id for batch in batches]})
        messages = self._claim_messages(signals)
        correlator = Correlator(self._know(signals), self._scene, self._new_id)
        new = {row["id"] for row in claimed}
        fresh = {(row["source"], row["once"]) for row in messages}
        taken = {
            batch.id: tuple(self._take(correlator, signal, fresh) for signal in batch.signals)
            for batch in batches
            if batch.id in new
        }
        return write_scene(self._connection, self._scene, taken)

    def _take(self, correlator: Correlator, signal: Signal, fresh: set[tuple[str, str]]) -> Taken:
        if signal.once is not None:
            key = (signal.source, signal.once)
            if key not in fresh:
                return Taken(Result.IGNORED)
            fresh.discard(key)
        return correlator.take(signal)

    def _claim_messages(self, signals: Sequence[Signal]) -> Iterable[Row]:
        """Of the messages with an id of their own those that are new."""
        keys = {(signal.source, signal.once) for signal in signals if signal.once is not None}
        if not keys:
            return ()
        return self._run(
            "claim_messages", {"sources": [key[0] for key in keys], "onces": [key[1] for key in keys]}
        )

    def _know(self, signals: Sequence[Signal]) -> RuleSet:
        """Bring onto the scene whatever the signals can touch; returns the rules that apply. Groups are asked for by
        the rules known before, and again only if these have changed."""
        guessed = self._rules.newest
        newest = self._run("newest_rules")
        keys = {(signal.source, signal.dedup_key) for signal in signals}
        alerts = self._run(
            "newest_alerts", {"sources": [key[0] for key in keys], "keys": [key[1] for key in keys]}
        )
        groups = self._run("lock_incidents", _groups(guessed, signals))
        rules = self._rules.learn(newest.fetchone())
        if rules is not guessed:
            groups = self._run("lock_incidents", _groups(rules, signals))
        self._scene.know(map(alert_of, alerts), map(incident_of, groups))
        if homes := self._scene.homes_unknown():
            self._scene.know((), map(incident_of, self._run("lock_incidents", _by_id(homes))))
        return rules

    def _run(self, name: str, parameters: Row | None = None) -> Found:
        return self._connection.execute(query(name, FILE), parameters)


def _groups(rules: RuleSet, signals: Sequence[Signal]) -> Row:
    """The incidents that the signals may join, and those that an outage may absorb."""
    group_keys: set[str] = set()
    roots: set[str] = set()
    for signal in signals:
        rule = rules.rule_for(signal)
        group_keys.add(rule.group_key(signal))
        if rule.group_by is None:
            group_keys.update(map(rule.key_of_service, signal.upstream))
            roots.add(signal.service)
    recent = min((signal.at for signal in signals), default=None)
    return {
        "ids": [],
        "group_keys": list(group_keys),
        "roots": list(roots),
        "recent": recent and recent - CHILDREN_WITHIN,
    }


def _by_id(ids: Iterable[UUID]) -> Row:
    return {"ids": list(ids), "group_keys": [], "roots": [], "recent": None}


def write_scene(
    connection: DeadlineConnection, scene: Scene, taken: dict[UUID, tuple[Taken, ...]] | None = None
) -> Committed:
    """Write everything that changed in a scene, and say what that is."""
    if scene.new_incidents:
        rows = connection.execute(query("take_numbers", FILE), {"count": len(scene.new_incidents)}).fetchall()
        scene.number_new(row["number"] for row in rows)
    opened = [scene.incidents[incident_id] for incident_id in scene.new_incidents]
    changed = [scene.incidents[incident_id] for incident_id in scene.changed_incidents]
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
