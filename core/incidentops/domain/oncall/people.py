"""People, what they want to be told when, and the teams they form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidentops.domain.notifications.contacts import ContactMethod, Urgency
from incidentops.domain.oncall.hours import WeeklyHours
from incidentops.domain.severity import Severity

_URGENT = frozenset({Severity.CRITICAL, Severity.HIGH})
_WEEK = timedelta(days=8)


def urgency_of(severity: Severity) -> Urgency:
    """SEV-1 and SEV-2 wake people; SEV-3 and SEV-4 may wait (seed 002)."""
    return Urgency.HIGH if severity in _URGENT else Urgency.LOW


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can be told something: a person, or a shared place such as a chat channel or a ticket
    queue. In `quiet` hours (wall clock of `zone`) messages of low urgency wait for their end."""

    name: str
    full_name: str = ""
    role: str = ""
    zone: str = "UTC"
    methods: tuple[ContactMethod, ...] = ()
    quiet: WeeklyHours | None = None

    def methods_for(self, urgency: Urgency) -> tuple[ContactMethod, ...]:
        """The ways to tell this user, in order. Without any for this urgency, all of them."""
        fitting = tuple(method for method in self.methods if urgency in method.urgencies)
        return fitting or self.methods

    def news_methods(self) -> tuple[ContactMethod, ...]:
        """The ways to tell this user what is not urgent; none at all for somebody who wants pages only."""
        return tuple(method for method in self.methods if Urgency.LOW in method.urgencies)

    def free_at(self, urgency: Urgency, now: datetime) -> datetime:
        """When a message of this urgency may reach the user: now, or once the quiet hours have ended."""
        zone = ZoneInfo(self.zone)
        if self.quiet is None or urgency is Urgency.HIGH or not self.quiet.hold_at(now, zone):
            return now
        bounds = self.quiet.bounds(now, now + _WEEK, zone)
        return next((at for at in bounds if not self.quiet.hold_at(at, zone)), now)


@dataclass(frozen=True, slots=True)
class Team:
    """Who answers for which services, and by which escalation policy for each severity. A team without
    `services` answers for all that no other team names."""

    name: str
    description: str = ""
    members: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    policies: Mapping[Severity, str] = field(default_factory=dict)
