"""Faults as plain JSON values: in labels, journals, rows and messages alike."""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from incidentops.domain.faults import Fault

_FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)


def fault_to_json(fault: Fault) -> dict[str, Any]:
    values: dict[str, Any] = _FAULT.dump_python(fault, mode="json")
    return values


def fault_from_json(values: object) -> Fault:
    """Raises ValueError for anything else than `fault_to_json` gives."""
    try:
        return _FAULT.validate_python(values)
    except ValidationError as error:
        raise ValueError(f"not a fault: {error}") from error


def fault_to_text(fault: Fault) -> str:
    return _FAULT.dump_json(fault).decode()


def fault_from_text(text: str | bytes) -> Fault:
    """Raises ValueError."""
    try:
        return _FAULT.validate_json(text)
    except ValidationError as error:
        raise ValueError(f"not a fault: {error}") from error
