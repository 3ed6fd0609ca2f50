"""Who is on call now, and when a schedule has whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.oncall.schedules import Schedule, Shift
from incidentops.ports import Clock
from incidentops.ports.oncall import Directory
from incidentops_backend.use_cases.oncall.book import UnknownEntry

LOOK_AHEAD = timedelta(days=31)
"""How far ahead the end of a shift is looked for."""


@dataclass(frozen=True, slots=True)
class OnCall:
    """One schedule's present shift."""

    schedule: Schedule
    shift: Shift
    user: User | None


class OnCallReader:
    """Answers from the directory of this moment."""

    def __init__(self, directory: Directory, clock: Clock) -> None:
        self._directory, self._clock = directory, clock

    def now(self, team: str | None = None) -> tuple[datetime, list[OnCall]]:
        """Who is on call by each schedule, of one team or of all: those that an escalation policy asks first come
        first. Raises UnknownEntry."""
        roster, at = self._directory.roster(), self._clock.now()
        if team is not None and team not in roster.teams:
            raise UnknownEntry(Team, team, sorted(roster.teams))
        schedules = [item for item in roster.schedules.values() if team in (None, item.team)]
        schedules.sort(key=lambda item: (_place(item, roster), item.name))
        return at, [_on_call(item, roster, at) for item in schedules]


def _on_call(schedule: Schedule, roster: Roster, at: datetime) -> OnCall:
    shift = schedule.timeline(at, at + LOOK_AHEAD)[0]
    return OnCall(schedule, shift, roster.users.get(shift.user or ""))


def _place(schedule: Schedule, roster: Roster) -> int:
    """The earliest step of any policy that asks this schedule."""
    places = [
        number
        for policy in roster.policies.values()
        for number, step in enumerate(policy.steps)
        if any(target.name == schedule.name for target in step.targets)
    ]
    return min(places, default=99)
