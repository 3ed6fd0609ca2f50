"""Whether an incident may be paged now, and if not, why and until when."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from incidentops.domain.suppression.inhibition import root_cause
from incidentops.domain.suppression.silences import Silence
from incidentops.domain.suppression.windows import MaintenanceWindow

INHIBITION_LOOK = timedelta(seconds=15)
"""An inhibited incident is looked at again after this long: the end of its root cause is not known before."""

LOOK = timedelta(minutes=1)
"""So is any other that is held back: somebody may take back the reason, or an alert may join that is not silenced."""


Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Not now: look again at `look_at`. `until`: when the reason ends by itself; None when that is not known."""

    reason: str
    look_at: datetime
    until: datetime | None = None


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
        self, service: str, alerts: Collection[Labels], at: datetime, around: Surroundings
    ) -> Suppressed | None:
        """The suppression that holds longest, None when nothing holds. Silences must hold for every one of the alerts
        (their labels as `labels_of` gives them)."""
        found = [
            *self._windows(service, at, around.groups.get(service)),
            *self._silenced(alerts, at),
            *_inhibition(service, at, around),
        ]
        return max(found, key=lambda item: item.until or item.look_at, default=None)

    def _windows(self, service: str, at: datetime, group: str | None) -> list[Suppressed]:
        covering = [
            (window, window.open_until(at)) for window in self.windows if window.covers(service, group)
        ]
        return [_held(f"Maintenance window {window.name}", until, at) for window, until in covering if until]

    def _silenced(self, alerts: Collection[Labels], at: datetime) -> list[Suppressed]:
        """Until the first of them is free."""
        silent = [silence for labels in alerts if (silence := self._silence_of(labels, at))]
        if not silent or len(silent) < len(alerts):
            return []
        first = min(silent, key=lambda silence: silence.end)
        return [_held(f"Silence {first.name}", first.end, at)]

    def _silence_of(self, labels: Labels, at: datetime) -> Silence | None:
        """The one that holds longest."""
        holding = [silence for silence in self.silences if silence.open_until(labels, at)]
        return max(holding, key=lambda silence: silence.end, default=None)


def _held(reason: str, until: datetime, at: datetime) -> Suppressed:
    return Suppressed(reason, min(until, at + LOOK), until)


def _inhibition(service: str, at: datetime, around: Surroundings) -> list[Suppressed]:
    cause = root_cause(service, around.depends_on, around.troubled)
    return [Suppressed(f"Follows from {cause}", at + INHIBITION_LOOK)] if cause else []
