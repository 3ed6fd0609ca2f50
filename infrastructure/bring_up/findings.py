"""What the preflight finds, one line each."""

from dataclasses import dataclass
from typing import Literal

from infrastructure.bring_up.setup_error import SetupError

Level = Literal["ok", "note", "problem"]
_MARKS: dict[Level, str] = {"ok": "ok  ", "note": "note", "problem": "FAIL"}


@dataclass(frozen=True)
class Finding:
    """One fact about the machine: `ok`, a `note`, or a `problem` that stops us, with the way out."""

    subject: str
    level: Level
    text: str
    way_out: str = ""

    def __str__(self) -> str:
        ending = f": {self.way_out}" if self.way_out else ""
        return f"{_MARKS[self.level]}  {self.subject:<14} {self.text}{ending}"

    @property
    def error(self) -> SetupError | None:
        """The same as an exception, when it stops us."""
        return SetupError(self.text, self.way_out) if self.level == "problem" else None
