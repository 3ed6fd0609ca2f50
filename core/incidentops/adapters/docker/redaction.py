"""An engine description that may be shown: no values of the environment, no secrets in arguments."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from incidentops.domain.redaction import MASK, REVEALING, redacted_text

_FLAG = re.compile(rf"(?i)-{{1,2}}[\w.-]*{REVEALING}[\w.-]*")
_SECRET_KEY = re.compile(rf"(?i){REVEALING}")


def redacted(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A copy in which environment values and everything that reads like a secret is masked."""
    return {key: _value(key, value) for key, value in raw.items()}


def _value(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return redacted(value)
    if isinstance(value, str):
        return MASK if value and _SECRET_KEY.search(key) else redacted_text(value)
    if isinstance(value, Sequence):
        return _environment(value) if key == "Env" else _sequence(key, value)
    return value


def _environment(entries: Sequence[str]) -> list[str]:
    """`NAME=value` becomes `NAME=•••`; a name without a value stays."""
    return [f"{name}={MASK}" if equals else name for name, equals, _ in map(_split, entries)]


def _split(entry: str) -> tuple[str, str, str]:
    return entry.partition("=")


def _sequence(key: str, values: Sequence[Any]) -> list[Any]:
    """Arguments: also the one that follows a flag such as --requirepass."""
    masked: list[Any] = []
    after_flag = False
    for value in values:
        masked.append(MASK if after_flag and isinstance(value, str) else _value(key, value))
        after_flag = isinstance(value, str) and _FLAG.fullmatch(value) is not None
    return masked
