"""Matchers in the form amtool sends them: `name="value"`, `!=`, `=~`, `!~`."""

import re
from collections.abc import Iterable

from incidentops.domain.suppression.patterns import BadPattern, compiled
from incidentops.domain.suppression.silences import Matcher
from incidentops_backend.http.ingest.door import Refused

_FORM = re.compile(r'^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$', re.DOTALL)
_MAX = 500


def read_matchers(texts: Iterable[str]) -> list[Matcher]:
    """Raises Refused for what is no matcher."""
    return [_read(text) for text in texts]


def _read(text: str) -> Matcher:
    found = _FORM.match(text) if len(text) <= _MAX else None
    if found is None:
        raise Refused(400, "invalid", f"bad matcher format: {text[:100]}")
    name, operator, value = found.groups()
    value = value.replace('\\"', '"').replace("\\\\", "\\")
    matcher = Matcher(name, value, equal=operator in {"=", "=~"}, regex=operator.endswith("~"))
    try:
        if matcher.regex:
            compiled(value)
    except BadPattern as error:
        raise Refused(400, "invalid", f"bad matcher format: {error}") from error
    return matcher
