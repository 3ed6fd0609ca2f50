"""Keeping people, teams, schedules, policies, windows, silences and contacts: every change leaves them consistent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.oncall import contacts, defaults
from incidentops.domain.oncall.contacts import Contact
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy
from incidentops.domain.oncall.references import missing, users_of
from incidentops.domain.oncall.schedules import Override, Schedule
from incidentops.domain.suppression.silences import Silence
from incidentops.domain.suppression.windows import MaintenanceWindow
from incidentops.ports import Clock
from incidentops.ports.oncall import Directory, E, Entry, EntryChanged, Kept

KIND_NAMES: dict[type[Entry], str] = {
    User: "user",
    Team: "team",
    Schedule: "schedule",
    EscalationPolicy: "policy",
    MaintenanceWindow: "maintenance window",
    Silence: "silence",
    Contact: "contact",
}


class UnknownEntry(IncidentOpsError):
    """There is none of this name; `known` lists those that exist."""

    def __init__(self, kind: type[Entry], name: str, known: list[str]) -> None:
        super().__init__(f"There is no {KIND_NAMES[kind]} {name!r}. Known: {', '.join(known) or 'none'}.")
        self.known = known


class NamesUnknown(IncidentOpsError):
    """The entry names what does not exist."""

    def __init__(self, items: list[tuple[str, str]]) -> None:
        super().__init__(f"There is no {', no '.join(f'{kind} {name!r}' for kind, name in items)}.")
        self.items = items


class IncompleteTarget(IncidentOpsError):
    """A contact method was sent with a target that hides a part nobody knows."""


class StillNamed(IncidentOpsError):
    """What is to be removed is named by others."""

    def __init__(self, name: str, by: list[str]) -> None:
        super().__init__(f"{name} is still named by {', '.join(by)}: change these first.")
        self.by = by


class NotOpen(IncidentOpsError):
    """A maintenance window that is to be ended keeps nothing back now."""


class OnCallBook:
    """The one way in which the directory is changed. `changed` hears the names."""

    def __init__(self, directory: Directory, clock: Clock, changed: Callable[[str], None]) -> None:
        self._directory, self._clock, self._changed = directory, clock, changed

    def all(self, kind: type[E]) -> list[Kept[E]]:
        return self._directory.all(kind)

    def get(self, kind: type[E], name: str) -> Kept[E]:
        """Raises UnknownEntry."""
        if kept := self._directory.find(kind, name):
            return kept
        raise UnknownEntry(kind, name, [item.entry.name for item in self._directory.all(kind)])

    def save(self, entry: Entry, actor: str, *, expected: int | None = None) -> int:
        """Keep it; returns its revision. Raises NamesUnknown, EntryChanged."""
        if isinstance(entry, Team | Schedule | EscalationPolicy):
            absent = missing(entry, self._directory.roster())
            if absent:
                raise NamesUnknown(absent)
        revision = self._directory.put(entry, actor, self._clock.now(), expected=expected)
        self._changed(entry.name)
        return revision

    def remove(self, kind: type[E], name: str, *, expected: int | None = None) -> None:
        """Raises UnknownEntry, StillNamed, EntryChanged."""
        self.get(kind, name)
        if by := users_of((KIND_NAMES[kind], name), self._directory.roster()):
            raise StillNamed(name, by)
        self._directory.remove(kind, name, expected=expected)
        self._changed(name)

    def end_window(self, name: str, actor: str) -> Kept[MaintenanceWindow]:
        """End what is open of a maintenance window now; a repeating one comes again. Raises UnknownEntry, NotOpen,
        EntryChanged when somebody changes it at the same time."""
        kept, now = self.get(MaintenanceWindow, name), self._clock.now()
        if kept.entry.open_until(now) is None:
            raise NotOpen(f"The maintenance window {name} is not open now.")
        self.save(replace(kept.entry, ended_at=now), actor, expected=kept.revision)
        return self.get(MaintenanceWindow, name)

    def override(self, schedule: str, override: Override, actor: str) -> Kept[Schedule]:
        """Add an override above those there are; those that have ended are dropped. Raises UnknownEntry,
        NamesUnknown, EntryChanged when somebody changes the schedule at the same time."""
        kept = self.get(Schedule, schedule)
        now = self._clock.now()
        present = tuple(item for item in kept.entry.overrides if item.end > now)
        self.save(replace(kept.entry, overrides=(*present, override)), actor, expected=kept.revision)
        return self.get(Schedule, schedule)

    def drop_override(self, schedule: str, user: str, start: datetime, actor: str) -> Kept[Schedule]:
        """Take an override back. Raises UnknownEntry, EntryChanged."""
        kept = self.get(Schedule, schedule)
        left = tuple(item for item in kept.entry.overrides if (item.user, item.start) != (user, start))
        self.save(replace(kept.entry, overrides=left), actor, expected=kept.revision)
        return self.get(Schedule, schedule)

    def ship_defaults(self, catcher_url: str) -> bool:
        """In an empty directory, put the team, schedules and policies of seed 002; whether it was empty. Its contacts
        where there are none, as in an installation older than these."""
        if not self._directory.all(Contact):
            for contact in contacts.DEFAULTS:
                self._ship(contact)
        if self._directory.all(Team):
            return False
        today = self._clock.now().date()
        entries: tuple[Entry, ...] = (
            *defaults.users(catcher_url),
            *defaults.schedules(today),
            *defaults.policies(),
            defaults.team(),
        )
        for entry in entries:
            self._ship(entry)
        return True

    def _ship(self, entry: Entry) -> None:
        """Another backend may do the same at this moment; what is there already stays."""
        try:
            self.save(entry, "incidentops", expected=0)
        except EntryChanged:
            return
