"""Regular expressions that others send, matched by RE2 as Alertmanager's own are: in linear time, whatever they are."""

from functools import lru_cache
from typing import Any

import re2

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


class BadPattern(ValueError):
    """RE2 cannot read this pattern; the text says why."""


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """Raises BadPattern."""
    try:
        return re2.compile(pattern, options=_OPTIONS)
    except re2.error as error:
        reason = error.args[0]
        raise BadPattern(reason.decode() if isinstance(reason, bytes) else str(reason)) from error


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits. Raises BadPattern."""
    return compiled(pattern).fullmatch(text) is not None
