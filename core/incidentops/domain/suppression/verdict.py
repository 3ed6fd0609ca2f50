"""Whether an incident may be paged now, and if not, why and until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from incidentops.domain.suppression.inhibition import root_cause
from incidentops.domain.suppression.silences import Silence
from incidentops.domain.suppression.windows import MaintenanceWindow

INHIBITION_LOOK = timedelta(seconds=15)
"""An inhibited incident is looked at again after this long: the end of its root cause is not known before."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Not now: look again at `until`."""

    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the services look like around an incident: their groups, who stands on whom, which of them have
    an open incident of their own."""

    groups: Mapping[str, str] = field(default_factory=dict)
    depends_on: Mapping[str, Collection[str]] = field(default_factory=dict)
    troubled: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Suppressions:
    """Everything that may keep a page back."""

    windows: tuple[MaintenanceWindow, ...] = ()
    silences: tuple[Silence, ...] = ()

    def judge(
        self, service: str, labels: Mapping[str, str], at: datetime, around: Surroundings
    ) -> Suppressed | None:
        """The suppression that holds longest, None when nothing holds."""
        found = [
            *self._windows(service, at, around.groups.get(service)),
            *self._silences({"service": service, **labels}, at),
            *_inhibition(service, at, around),
        ]
        return max(found, key=lambda item: item.until, default=None)

    def _windows(self, service: str, at: datetime, group: str | None) -> list[Suppressed]:
        covering = [
            (window, window.open_until(at)) for window in self.windows if window.covers(service, group)
        ]
        return [Suppressed(f"Maintenance window {window.name}", until) for window, until in covering if until]

    def _silences(self, labels: Mapping[str, str], at: datetime) -> list[Suppressed]:
        holding = [(silence, silence.open_until(labels, at)) for silence in self.silences]
        return [Suppressed(f"Silence {silence.name}", until) for silence, until in holding if until]


def _inhibition(service: str, at: datetime, around: Surroundings) -> list[Suppressed]:
    cause = root_cause(service, around.depends_on, around.troubled)
    return [Suppressed(f"Follows from {cause}", at + INHIBITION_LOOK)] if cause else []
