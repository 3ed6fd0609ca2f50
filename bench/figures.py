"""A measured figure, its floor, its limit, and how a row of them reads."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value with the value of its floor or peer and the limit it must keep, all in `unit`.
    `at_least` turns the limit round: more is better."""

    name: str
    unit: str
    value: float
    floor: float | None
    limit: float | None
    at_least: bool = False

    @property
    def kept(self) -> bool:
        """Whether the limit is kept; a figure without one always is."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def row(self) -> str:
        """One line of the report."""
        floor = "" if self.floor is None else f"{self.floor:10.2f}"
        sign = "≥" if self.at_least else "≤"
        limit = "" if self.limit is None else f"{sign} {self.limit:g}"
        verdict = "" if self.limit is None else ("kept" if self.kept else "MISSED")
        return f"{self.name:58} {self.value:10.2f} {floor:>10} {self.unit:10} {limit:>10}  {verdict}"

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"kept": self.kept}


HEADER = f"{'figure':58} {'measured':>10} {'floor':>10} {'unit':10} {'limit':>10}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of them lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
