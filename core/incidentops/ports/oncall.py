"""People, teams, schedules, policies, maintenance windows and silences, as they are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.oncall.contacts import Contact
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.oncall.schedules import Schedule
from incidentops.domain.suppression.silences import Silence
from incidentops.domain.suppression.verdict import Suppressions
from incidentops.domain.suppression.windows import MaintenanceWindow

Entry = User | Team | Schedule | EscalationPolicy | MaintenanceWindow | Silence | Contact
"""What the directory keeps; each is known by its `name` among its own kind."""

E = TypeVar("E", User, Team, Schedule, EscalationPolicy, MaintenanceWindow, Silence, Contact)


class EntryChanged(IncidentOpsError):
    """Somebody else was faster: the entry is no longer at the revision that the change was made from."""

    def __init__(self, name: str, found: int) -> None:
        super().__init__(f"{name} was changed meanwhile and stands at revision {found}: read it again.")
        self.found = found


@dataclass(frozen=True, slots=True)
class Kept(Generic[E]):
    """An entry, how often it was changed (from 1), by whom last and when."""

    entry: E
    revision: int
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything that decides who is paged and who is not, of one moment."""

    roster: Roster
    suppressions: Suppressions


class Remembered(Protocol):
    """The last standing, kept where it can be read without Postgres."""

    def keep(self, standing: Standing) -> None: ...

    def last(self) -> Standing | None: ...


class Directory(Protocol):
    """Every call raises `Unavailable("postgres", …)` within 500 ms of a database that is gone or hung."""

    def all(self, kind: type[E]) -> list[Kept[E]]:
        """By name."""
        ...

    def find(self, kind: type[E], name: str) -> Kept[E] | None: ...

    def put(self, entry: Entry, actor: str, at: datetime, *, expected: int | None = None) -> int:
        """Keep the entry in place of the one of its name; returns its revision. With `expected` the present
        revision must be that one (0: there is none yet), else EntryChanged is raised."""
        ...

    def remove(self, kind: type[E], name: str, *, expected: int | None = None) -> bool:
        """Whether there was one. With `expected` its revision must be that one, else EntryChanged is raised."""
        ...

    def roster(self) -> Roster:
        """Everything that decides who is paged, of one moment."""
        ...

    def suppressions(self) -> Suppressions:
        """Everything that keeps pages back."""
        ...
