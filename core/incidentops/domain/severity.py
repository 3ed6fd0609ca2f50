"""How bad it is, in our four words and in everybody else's (DESIGN 4)."""

from enum import StrEnum


class Severity(StrEnum):
    """Worst first; comparisons are by `rank`, never by the word."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """1 for critical to 4 for low: the number in SEV-1 … SEV-4."""
        return _RANKS[self]

    def worse_than(self, other: "Severity") -> bool:
        return self.rank < other.rank

    @property
    def answer_seconds(self) -> int:
        """Within which somebody is expected to have answered (seed 002); a low one, by the next day."""
        return _ANSWER_SECONDS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity, start=1)}
_ANSWER_SECONDS = {
    Severity.CRITICAL: 5 * 60,
    Severity.HIGH: 15 * 60,
    Severity.MEDIUM: 60 * 60,
    Severity.LOW: 24 * 60 * 60,
}

_WORDS = {
    "critical": Severity.CRITICAL,
    "page": Severity.CRITICAL,
    "sev1": Severity.CRITICAL,
    "sev-1": Severity.CRITICAL,
    "error": Severity.HIGH,
    "high": Severity.HIGH,
    "sev2": Severity.HIGH,
    "sev-2": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "warn": Severity.MEDIUM,
    "ticket": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "sev3": Severity.MEDIUM,
    "sev-3": Severity.MEDIUM,
    "info": Severity.LOW,
    "none": Severity.LOW,
    "low": Severity.LOW,
    "sev4": Severity.LOW,
    "sev-4": Severity.LOW,
}

UNSAID = Severity.MEDIUM
"""For what does not say, or says it in a word we do not know: seen within the hour, and wakes nobody."""


def severity_of(word: str | None) -> Severity:
    """Our severity for the word of any source, whatever the case of its letters; `UNSAID` without one."""
    return _WORDS.get((word or "").strip().lower(), UNSAID)


def worst(severities: "list[Severity]") -> Severity:
    """The worst of them. Raises ValueError when there is none."""
    return min(severities, key=lambda severity: severity.rank)
