"""Silences: no pages for what fits their matchers, for a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from incidentops.domain.alerts import Alert, Signal
from incidentops.domain.suppression.patterns import BadPattern, matches


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on a label, as Alertmanager has them; an absent label counts as empty."""

    name: str
    value: str
    equal: bool = True
    regex: bool = False

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Raises BadPattern."""
        found = labels.get(self.name, "")
        same = matches(self.value, found) if self.regex else found == self.value
        return same is self.equal


def labels_of(alert: Alert | Signal) -> dict[str, str]:
    """What matchers are held against: the labels of an alert, and its `service`, `alertname` and `severity` where it
    has no label of that name."""
    known = {"service": alert.service, "alertname": alert.name, "severity": alert.severity.value}
    return known | dict(alert.labels)


@dataclass(frozen=True, slots=True)
class Silence:
    """No pages for alerts that fit every matcher, from `start` to `end`."""

    name: str
    matchers: tuple[Matcher, ...]
    start: datetime
    end: datetime
    created_by: str = ""
    comment: str = ""

    def open_until(self, labels: Mapping[str, str], at: datetime) -> datetime | None:
        """When the silence ends, if it holds for these labels now. One whose pattern cannot be read holds for nothing:
        better a page too many."""
        try:
            holds = self.start <= at < self.end and all(matcher.fits(labels) for matcher in self.matchers)
        except BadPattern:
            return None
        return self.end if holds else None
