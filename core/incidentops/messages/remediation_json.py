"""Guards and decisions as JSON, for the journal, the spool and Postgres."""

from typing import Any

from pydantic import TypeAdapter

from incidentops.domain.decisions import DecisionRow
from incidentops.domain.guards import Guard

_GUARD = TypeAdapter(Guard)
_DECISION = TypeAdapter(DecisionRow)


def guard_to_json(guard: Guard) -> dict[str, Any]:
    """Plain JSON values."""
    plain: dict[str, Any] = _GUARD.dump_python(guard, mode="json")
    return plain


def guard_from_json(value: object) -> Guard:
    """Raises ValueError for anything else than `guard_to_json` gives."""
    return _GUARD.validate_python(value)


def decision_to_json(decision: DecisionRow) -> dict[str, Any]:
    """Plain JSON values."""
    plain: dict[str, Any] = _DECISION.dump_python(decision, mode="json")
    return plain


def decision_from_json(value: object) -> DecisionRow:
    """Raises ValueError for anything else than `decision_to_json` gives."""
    return _DECISION.validate_python(value)
