"""Everything that decides who is paged, at one moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, Target, TargetKind
from incidentops.domain.oncall.schedules import Schedule
from incidentops.domain.severity import Severity


@dataclass(frozen=True, slots=True)
class Roster:
    """Users, teams, schedules and policies by name."""

    users: Mapping[str, User] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    policies: Mapping[str, EscalationPolicy] = field(default_factory=dict)

    def team_for(self, service: str, named: str | None = None) -> Team | None:
        """The team named, else the one that names the service, else one that answers for everything."""
        if named and named in self.teams:
            return self.teams[named]
        ordered = sorted(self.teams.values(), key=lambda team: (not team.services, team.name))
        return next((team for team in ordered if not team.services or service in team.services), None)

    def policy_for(self, team: Team | None, severity: Severity) -> EscalationPolicy | None:
        return self.policies.get(team.policies.get(severity, "")) if team else None

    def people(self, targets: Iterable[Target], at: datetime) -> list[User]:
        """Everybody the targets mean at that instant who can be reached, each once."""
        names = dict.fromkeys(self._name(target, at) for target in targets)
        users = (self.users.get(name) for name in names if name)
        return [user for user in users if user and user.methods]

    def members(self, team: str | None) -> list[User]:
        """The people of a team who can be reached."""
        names = self.teams[team].members if team and team in self.teams else ()
        return [self.users[name] for name in names if name in self.users and self.users[name].methods]

    def _name(self, target: Target, at: datetime) -> str | None:
        if target.kind is TargetKind.USER:
            return target.name
        schedule = self.schedules.get(target.name)
        return schedule.who(at) if schedule else None
