"""On which line each value of a JSON text stands: the standard parser forgets it."""

import json
import re

from incidentops.domain.experiments.chaostoolkit.problems import Path

_SPACE = re.compile(r"[ \t\n\r]*")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|[-+.\w]+')


def lines_of(text: str) -> dict[Path, int]:
    """The line, counted from 1, of every value in a text that is known to be JSON, by its path."""
    lines = _Lines(text)
    lines.value((), 0)
    return lines.found


class _Lines:
    def __init__(self, text: str) -> None:
        self._text = text
        self.found: dict[Path, int] = {}

    def value(self, path: Path, at: int) -> int:
        """Note the value that begins at or after `at`; returns where it ends."""
        at = self._skip(at)
        self.found[path] = self._text.count("\n", 0, at) + 1
        match self._text[at]:
            case "{":
                return self._members(path, at)
            case "[":
                return self._items(path, at)
        return at + len(self._literal(at))

    def _members(self, path: Path, at: int) -> int:
        at = self._skip(at + 1)
        while self._text[at] != "}":
            key = self._literal(at)
            colon = self._skip(at + len(key))
            at = self._next(self.value((*path, json.loads(key)), colon + 1))
        return at + 1

    def _items(self, path: Path, at: int) -> int:
        at, place = self._skip(at + 1), 0
        while self._text[at] != "]":
            at = self._next(self.value((*path, place), at))
            place += 1
        return at + 1

    def _literal(self, at: int) -> str:
        """The string, number or word that begins here, as it is written."""
        found = _LITERAL.match(self._text, at)
        return found.group() if found else ""

    def _next(self, at: int) -> int:
        """Past a comma, if there is one."""
        at = self._skip(at)
        return self._skip(at + 1) if self._text[at] == "," else at

    def _skip(self, at: int) -> int:
        space = _SPACE.match(self._text, at)
        return space.end() if space else at
