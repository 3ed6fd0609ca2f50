"""Brings the schema forward: numbered files, each in a transaction of its own, never backward."""

import time
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import LiteralString

from incidentops.adapters.postgres.connection import DeadlineConnection
from incidentops.adapters.postgres.errors import SchemaTooNew

_LOCK = 0x1_0C1D_E470_5000  # any number, the same in every release
_MIGRATION_SECONDS = 60.0

Migrations = Mapping[int, LiteralString]
"""The text of each migration by its number, 1 and up without gaps."""


def migrate(connection: DeadlineConnection, migrations: Migrations | None = None) -> None:
    """Apply what is missing; several backends may do so at once. Raises SchemaTooNew when the database
    already stands beyond the last number given (None: those of this release)."""
    known = migrations if migrations is not None else shipped_migrations()
    newest = max(known)
    while (found := _version(connection)) != newest:
        if found > newest:
            raise SchemaTooNew(found, newest)
        connection.deadline = time.monotonic() + _MIGRATION_SECONDS
        _apply_next(connection, known)


@cache
def shipped_migrations() -> Migrations:
    """The files `migrations/NNNN_what.sql` of this release."""
    folder = files(__package__).joinpath("migrations")
    return {
        int(entry.name.partition("_")[0]): entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }


def _apply_next(connection: DeadlineConnection, known: Migrations) -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute("""
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version integer PRIMARY KEY,
                applied_at timestamptz NOT NULL DEFAULT now()
            )""")
        number = _version(connection) + 1
        if number in known:  # else another backend was faster while we waited for the lock
            connection.execute(known[number])
            connection.execute("INSERT INTO schema_migrations (version) VALUES (%s)", [number])


def _version(connection: DeadlineConnection) -> int:
    """The last migration applied; 0 for an empty database."""
    row = connection.execute("SELECT to_regclass('schema_migrations') IS NOT NULL AS exists").fetchone()
    if row is None or not row["exists"]:
        return 0
    newest = connection.execute("SELECT coalesce(max(version), 0) AS version FROM schema_migrations")
    return int((newest.fetchone() or {"version": 0})["version"])
