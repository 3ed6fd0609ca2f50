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
    """The rules as they were last read; each transaction begins with the guess that they still apply."""

    def __init__(self) -> None:
        self.newest = DEFAULT_RULES


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
        claims = self._run("claim_batches", {"ids": [batch.id for batch in batches]})
        messages = self._claim_messages(signals)
        alerts = self._run("newest_alerts", _keys(signals))
        groups = self._run("lock_incidents", _groups(self._rules.newest, signals))
        versions = {row["id"]: row["rules_version"] for row in claims}
        if not versions:
            return Committed()
        if self._learn(max(versions.values())):
            groups = self._run("lock_incidents", _groups(self._rules.newest, signals))
        self._know(alerts, groups)
        taken = self._correlate((batch for batch in batches if batch.id in versions), messages)
        return write_scene(self._connection, self._scene, taken)

    def _claim_messages(self, signals: Sequence[Signal]) -> Iterable[Row]:
        """Of the messages with an id of their own those that are new."""
        keys = {(signal.source, signal.once) for signal in signals if signal.once is not None}
        if not keys:
            return ()
        return self._run(
            "claim_messages", {"sources": [key[0] for key in keys], "onces": [key[1] for key in keys]}
        )

    def _learn(self, version: int) -> bool:
        """Read the rules that apply; whether they are others than those guessed."""
        if version == self._rules.newest.version:
            return False
        row = self._run("newest_rules").fetchone()
        self._rules.newest = rules_of(row).rules if row else DEFAULT_RULES
        return True

    def _know(self, alerts: Iterable[Row], groups: Iterable[Row]) -> None:
        """Bring onto the scene whatever the signals can touch."""
        self._scene.know(map(alert_of, alerts), map(incident_of, groups))
        if homes := self._scene.homes_unknown():
            self._scene.know((), map(incident_of, self._run("lock_incidents", _by_id(homes))))

    def _correlate(
        self, batches: Iterable[SignalBatch], messages: Iterable[Row]
    ) -> dict[UUID, tuple[Taken, ...]]:
        """What each signal of each batch came to."""
        correlator = Correlator(self._rules.newest, self._scene, self._new_id)
        fresh = {(row["source"], row["once"]) for row in messages}

        def take(signal: Signal) -> Taken:
            if signal.once is not None:
                key = (signal.source, signal.once)
                if key not in fresh:
                    return Taken(Result.IGNORED)
                fresh.discard(key)
            return correlator.take(signal)

        return {batch.id: tuple(map(take, batch.signals)) for batch in batches}

    def _run(self, name: str, parameters: Row | None = None) -> Found:
        return self._connection.execute(query(name, FILE), parameters)


def _keys(signals: Iterable[Signal]) -> Row:
    """As one document: of an array psycopg quotes every element by itself."""
    keys = {(signal.source, signal.dedup_key) for signal in signals}
    return {"keys": document({"source": source, "dedup_key": key} for source, key in keys)}


def _groups(rules: RuleSet, signals: Sequence[Signal]) -> Row:
    """The incidents that the signals may join, and those that an outage may absorb."""
    group_keys: set[str] = set()
    roots: set[str] = set()
    for signal in signals:
        place = rules.place(signal)
        group_keys.add(place.group_key)
        if place.rule.group_by is None:
            group_keys.update(map(place.rule.key_of_service, signal.upstream))
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
    _write_news(connection, scene)
    _write(connection, "save_beats", _newest_beats(scene.beats))
    return Committed(
        taken=taken or {},
        incidents=tuple(opened + changed),
        alert_ids=(*scene.new_alerts, *scene.changed_alerts),
        new_alerts=tuple(scene.new_alerts.values()),
        opened=tuple(opened),
        changes=tuple(scene.changes),
    )


def _write(connection: DeadlineConnection, name: str, items: Collection[object]) -> None:
    if items:
        connection.execute(query(name, FILE), {"rows": document(items)})


def _write_news(connection: DeadlineConnection, scene: Scene) -> None:
    """After the updates: an alert that ended makes room for one that begins under its key."""
    news = {"alerts": scene.new_alerts.values(), "timeline": scene.timeline, "changes": scene.changes}
    if any(news.values()):
        connection.execute(query("insert_news", FILE), {name: document(rows) for name, rows in news.items()})


def _newest_beats(beats: Iterable[Signal]) -> list[Heartbeat]:
    """One row may be written once per statement."""
    return list({beat.dedup_key: beat_of(beat) for beat in beats}.values())
