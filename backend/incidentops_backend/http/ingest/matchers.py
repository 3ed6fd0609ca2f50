"""Matchers in the form amtool sends them: `name="value"`, `!=`, `=~`, `!~`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from incidentops_backend.http.ingest.door import Refused

_FORM = re.compile(r'^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$', re.DOTALL)
_MAX = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a label; an absent label counts as empty."""

    name: str
    value: str
    equal: bool
    pattern: re.Pattern[str] | None

    def fits(self, labels: Mapping[str, str]) -> bool:
        found = labels.get(self.name, "")
        same = bool(self.pattern.fullmatch(found)) if self.pattern else found == self.value
        return same is self.equal


def read_matchers(texts: Iterable[str]) -> list[Filter]:
    """Raises Refused for what is no matcher."""
    return [_read(text) for text in texts]


def _read(text: str) -> Filter:
    found = _FORM.match(text[:_MAX])
    if found is None:
        raise Refused(400, "invalid", f"bad matcher format: {text[:100]}")
    name, operator, value = found.groups()
    value = value.replace('\\"', '"').replace("\\\\", "\\")
    pattern = None
    if operator.endswith("~"):
        try:
            pattern = re.compile(value)
        except re.error as error:
            raise Refused(400, "invalid", f"bad matcher format: {error}") from error
    return Filter(name, value, operator in {"=", "=~"}, pattern)
