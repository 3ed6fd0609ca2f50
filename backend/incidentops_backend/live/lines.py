"""Log lines on their way to a browser, in bounded memory."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

LONGEST_TEXT = 16_384
"""Characters of one line that are shown; what follows is cut."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one container. `container` is its short id."""

    at: datetime
    stream: str
    text: str
    container: str


class BoundedLines:
    """The newest lines, at most so many and so many characters in all. Not thread-safe."""

    def __init__(self, lines: int, characters: int) -> None:
        self._limit, self._room = lines, characters
        self._lines: deque[Line] = deque()
        self._held = 0

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, line: Line) -> int:
        """Append one; returns how many of the oldest had to go for it."""
        self._lines.append(line)
        self._held += len(line.text)
        dropped = 0
        while len(self._lines) > self._limit or (self._held > self._room and len(self._lines) > 1):
            self._pop()
            dropped += 1
        return dropped

    def take(self, lines: int, characters: int) -> list[Line]:
        """Remove and return the oldest, at most so many; at least one if there is any."""
        taken: list[Line] = []
        size = 0
        while self._lines and len(taken) < lines and (not taken or size < characters):
            taken.append(self._pop())
            size += len(taken[-1].text)
        return taken

    def newest(self, count: int) -> list[Line]:
        """The last `count` lines, oldest first."""
        return list(self._lines)[max(0, len(self._lines) - count) :]

    def _pop(self) -> Line:
        line = self._lines.popleft()
        self._held -= len(line.text)
        return line
