"""One SELECT of an experiment's probe, on a connection of its own.

What keeps it harmless: the application's own role, which owns nothing but its database (a superuser is
refused); a read-only transaction, which a statement cannot leave; a prepared statement, which is a single one; a
subquery, which only a SELECT can be; a time limit; and a connection that ends with it, so that no lock stays.
"""

import time
from decimal import Decimal

import psycopg

from incidentops.adapters.postgres.connection import DeadlineConnection
from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.document import Scalar

_SLACK_SECONDS = 0.5


def ask_read_only(url: str, sql: str, timeout_seconds: float) -> Scalar:
    """The first column of the first row, None without a row. Raises ValueError when the database refuses, and
    Unavailable when it does not answer."""
    try:
        with DeadlineConnection.to(url, statement_seconds=timeout_seconds) as connection:
            connection.deadline = time.monotonic() + timeout_seconds + _SLACK_SECONDS
            connection.read_only = True
            with connection.transaction():
                _refuse_superuser(connection)
                return _first_value(connection, sql)
    except psycopg.errors.QueryCanceled as error:
        raise ValueError(f"it took longer than {timeout_seconds:g} s") from error
    except psycopg.OperationalError as error:
        raise Unavailable("postgres", _sentence(error)) from error
    except psycopg.Error as error:
        raise ValueError(_sentence(error)) from error


def _refuse_superuser(connection: DeadlineConnection) -> None:
    row = connection.execute("SELECT current_setting('is_superuser') AS answer").fetchone()
    if row is None or row["answer"] != "off":
        raise ValueError("the application's role is a superuser, which could read the server's files")


def _first_value(connection: DeadlineConnection, sql: str) -> Scalar:
    # The text is an operator's own; this module's docstring says what it cannot do.
    statement = f"SELECT * FROM (\n{sql}\n) AS probe LIMIT 1"  # noqa: S608
    row = connection.execute(statement.encode(), prepare=True).fetchone()
    return _scalar(next(iter(row.values()))) if row else None


def _scalar(value: object) -> Scalar:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)


def _sentence(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
