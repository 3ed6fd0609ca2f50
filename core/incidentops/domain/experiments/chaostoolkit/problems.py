"""What is wrong with an experiment's file: every bad place at once, with its line."""

from dataclasses import dataclass

from incidentops.domain.errors import IncidentOpsError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A bad place: its path in the document, what was expected, and the line where the text is at hand."""

    field: str
    reason: str
    line: int | None = None


class InvalidExperiment(IncidentOpsError):
    """The file is no experiment that can be run here; `problems` lists every bad place."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("; ".join(f"{item.field or 'document'}: {item.reason}" for item in problems))
        self.problems = problems


def written(path: Path) -> str:
    """`method[2].provider.func`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
