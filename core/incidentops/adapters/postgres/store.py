"""The port `Store` on Postgres, and the write side that `Records` stands on."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from uuid import UUID

from incidentops.adapters.postgres.connection import (
    DeadlineConnection,
    statements_within,
    streamed_within,
)
from incidentops.adapters.postgres.cursor import Cursor
from incidentops.adapters.postgres.directory import PostgresDirectory
from incidentops.adapters.postgres.escalations import PostgresEscalations
from incidentops.adapters.postgres.experiments import SQL as EXPERIMENTS_SQL
from incidentops.adapters.postgres.experiments import PostgresExperiments, entries_row, run_row
from incidentops.adapters.postgres.faults import SQL as FAULTS_SQL
from incidentops.adapters.postgres.faults import PostgresFaults, fault_row
from incidentops.adapters.postgres.incidents import PostgresIncidents
from incidentops.adapters.postgres.link import Link
from incidentops.adapters.postgres.outbox import PostgresOutbox
from incidentops.adapters.postgres.queries import query
from incidentops.adapters.postgres.remediation import SQL as REMEDIATION_SQL
from incidentops.adapters.postgres.remediation import PostgresRemediation, decision_row, guard_row
from incidentops.adapters.postgres.rows import (
    Row,
    action_of,
    action_row,
    recovery_of,
    recovery_row,
    wish_of,
    wish_row,
)
from incidentops.adapters.postgres.story import PostgresChronicle, PostgresEvidence
from incidentops.domain.actions import Action, Outcome
from incidentops.domain.alerts import SignalBatch
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.experiments.runs import Run, RunEntries
from incidentops.domain.faults import Fault
from incidentops.domain.guards import Guard
from incidentops.ports import ActionFilter, ActionPage, Fact, StoredRecovery, StoredWish
from incidentops.ports.incidents import Committed

BATCH_SECONDS = 5.0
"""What a batch of many facts may take; it is written by a background thread that nobody waits for."""

INTAKE_SECONDS = 2.0
PART_SIGNALS = 1000
"""How many signals one transaction takes in, and how long it may take; senders wait for it."""

SEARCH_SECONDS = 5.0
"""What a search for text may take: no index helps it, in the worst case it reads the whole log."""


class PostgresStore:
    """Thread-safe. `start` connects in the background; until the database answers, every call raises
    Unavailable("postgres", …) at once."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self._link = Link(url, pool_size=pool_size)
        self.incidents = PostgresIncidents(self._link)
        self.directory = PostgresDirectory(self._link)
        self.outbox = PostgresOutbox(self._link)
        self.escalations = PostgresEscalations(self._link)
        self.remediation = PostgresRemediation(self._link)
        self.experiments = PostgresExperiments(self._link, url)
        self.faults = PostgresFaults(self._link)
        self.chronicle = PostgresChronicle(self._link)
        self.evidence = PostgresEvidence(self._link)

    def start(self) -> None:
        self._link.start()

    def close(self) -> None:
        self._link.close()

    @property
    def up(self) -> bool:
        """Whether the database answered last time."""
        return self._link.up

    def wait_until_up(self, seconds: float) -> bool:
        """Wait for the database; returns whether it is up."""
        return self._link.wait_until_up(seconds)

    def ping(self) -> None:
        self._link.call(lambda connection: connection.execute("SELECT 1"))

    # --- reads -------------------------------------------------------------------------------------------

    def actions(self, where: ActionFilter, *, limit: int = 50, cursor: str | None = None) -> ActionPage:
        before = Cursor.parse(cursor) if cursor is not None else None
        parameters = _page_parameters(where, limit, before)
        rows = self._search(parameters) if where.text else self._page(parameters)
        items = tuple(action_of(row) for row in islice(rows, limit))
        more = len(rows) > limit
        return ActionPage(items, str(Cursor.after(items[-1])) if more else None)

    def action(self, action_id: UUID) -> Action | None:
        rows = self._rows("action_by_id", {"id": action_id})
        return action_of(rows[0]) if rows else None

    def recent_actions(self, per_service: int = 50) -> list[Action]:
        return [action_of(row) for row in self._rows("recent_actions", {"per_service": per_service})]

    def running_actions(self) -> list[Action]:
        return [action_of(row) for row in self._rows("running_actions", {})]

    def wishes(self) -> dict[str, StoredWish]:
        return {row["service"]: wish_of(row) for row in self._rows("wishes", {})}

    def recoveries(self) -> dict[str, StoredRecovery]:
        return {row["service"]: recovery_of(row) for row in self._rows("recoveries", {})}

    def _page(self, parameters: Row) -> Sequence[Row]:
        return self._link.call(lambda connection: _page_of_actions(connection, parameters))

    def _search(self, parameters: Row) -> Sequence[Row]:
        def search(connection: DeadlineConnection) -> Sequence[Row]:
            with statements_within(connection, SEARCH_SECONDS):
                return _page_of_actions(connection, parameters)

        return self._link.call(search, seconds=SEARCH_SECONDS)

    def _rows(self, name: str, parameters: Row) -> Sequence[Row]:
        return self._link.call(lambda connection: connection.execute(query(name), parameters).fetchall())

    # --- writes ------------------------------------------------------------------------------------------

    def write(self, facts: Sequence[Fact]) -> None:
        """Write all of them, each kind in its order. Writing a fact again changes nothing. Returning means
        committed; after Unavailable some or all may have been committed or not."""
        batches = [fact for fact in facts if isinstance(fact, SignalBatch)]
        others = [fact for fact in facts if not isinstance(fact, SignalBatch)]
        if len(others) == 1:
            self._link.call(lambda connection: _write_one(connection, others[0]))
        elif others:
            self._link.call(lambda connection: _write_many(connection, others), seconds=BATCH_SECONDS)
        for part in _parts(batches):
            self._ingest(part)

    def _ingest(self, batches: Sequence[SignalBatch]) -> None:
        def write(connection: DeadlineConnection) -> Committed:
            with streamed_within(connection, INTAKE_SECONDS):
                return self.incidents.ingest(connection, batches)

        self.incidents.tell(self._link.call(write, seconds=INTAKE_SECONDS))


def _parts(batches: Sequence[SignalBatch]) -> Iterator[list[SignalBatch]]:
    """Batches in groups that one transaction can take in time."""
    part: list[SignalBatch] = []
    for batch in batches:
        if part and sum(len(item.signals) for item in part) + len(batch.signals) > PART_SIGNALS:
            yield part
            part = []
        part.append(batch)
    if part:
        yield part


def _page_parameters(where: ActionFilter, limit: int, before: Cursor | None) -> Row:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    return {
        "service": where.service,
        "verb": where.verb.value if where.verb else None,
        "actor": where.actor,
        "outcome": where.outcome,
        "text": where.text or None,
        "before_at": before.started_at if before else None,
        "before_id": before.id if before else None,
        "limit": limit + 1,  # one more tells whether there is a next page
    }


def _page_of_actions(connection: DeadlineConnection, parameters: Row) -> Sequence[Row]:
    """The best plan depends on the parameters, so no generic one may be kept."""
    return connection.execute(query("page_of_actions"), parameters, prepare=False).fetchall()


def _write_one(connection: DeadlineConnection, fact: Fact) -> None:
    """One statement, one round trip, committed by itself."""
    statement, row = _statement(fact)
    connection.execute(query(*statement), row)


def _write_many(connection: DeadlineConnection, facts: Sequence[Fact]) -> None:
    """Kind by kind: the order within each kind is kept, and the kinds do not depend on each other."""
    facts = _folded(facts)
    with statements_within(connection, BATCH_SECONDS), connection.cursor() as cursor:
        for kind, row_of, statement in _KINDS:
            rows = [row_of(fact) for fact in facts if isinstance(fact, kind)]
            if rows:
                cursor.executemany(query(*statement), rows)


def _folded(facts: Sequence[Fact]) -> Sequence[Fact]:
    """What the facts come to: of an intent and its outcomes only the first outcome, in the intent's place."""
    folded: dict[object, Fact] = {}
    for place, fact in enumerate(facts):
        key = fact.id if isinstance(fact, Action) else place
        known = folded.setdefault(key, fact)
        if isinstance(known, Action) and known.outcome is Outcome.RUNNING:
            folded[key] = fact
    return list(folded.values())


def _statement(fact: Fact) -> "tuple[Statement, Row]":
    return next((statement, row_of(fact)) for kind, row_of, statement in _KINDS if isinstance(fact, kind))


Statement = tuple[str] | tuple[str, str]
"""The name of a statement, and its file where that is another than the store's own."""

_KINDS: Sequence[tuple[type, Callable[..., Row], Statement]] = (
    (Action, action_row, ("save_action",)),
    (StoredWish, wish_row, ("save_wish",)),
    (StoredRecovery, recovery_row, ("save_recovery",)),
    (Guard, guard_row, ("save_guard", REMEDIATION_SQL)),
    (DecisionRow, decision_row, ("save_decision", REMEDIATION_SQL)),
    (Run, run_row, ("save_run", EXPERIMENTS_SQL)),
    (RunEntries, entries_row, ("save_entries", EXPERIMENTS_SQL)),
    (Fault, fault_row, ("save_fault", FAULTS_SQL)),
)
