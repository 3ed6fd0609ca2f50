"""Who names whom: an entry may only name what exists, and what is named may not be removed."""

from collections.abc import Iterator

from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, TargetKind
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.oncall.schedules import Schedule

Named = tuple[str, str]
"""A kind (user, team, schedule, policy) and a name."""


def named_by(entry: User | Team | Schedule | EscalationPolicy) -> frozenset[Named]:
    """Everything the entry names."""
    return frozenset(_named(entry))


def missing(entry: User | Team | Schedule | EscalationPolicy, roster: Roster) -> list[Named]:
    """What the entry names and the roster does not have."""
    return sorted(item for item in named_by(entry) if item not in _known(roster))


def users_of(item: Named, roster: Roster) -> list[str]:
    """The entries that name it."""
    entries: tuple[Team | Schedule | EscalationPolicy, ...] = (
        *roster.teams.values(),
        *roster.schedules.values(),
        *roster.policies.values(),
    )
    return sorted(entry.name for entry in entries if item in named_by(entry))


def _named(entry: User | Team | Schedule | EscalationPolicy) -> Iterator[Named]:
    match entry:
        case Team():
            yield from (("user", name) for name in entry.members)
            yield from (("policy", name) for name in entry.policies.values())
        case Schedule():
            yield from (("user", name) for name in entry.users())
        case EscalationPolicy():
            yield from (
                ("user" if target.kind is TargetKind.USER else "schedule", target.name)
                for step in entry.steps
                for target in step.targets
            )


def _known(roster: Roster) -> set[Named]:
    return {
        *(("user", name) for name in roster.users),
        *(("schedule", name) for name in roster.schedules),
        *(("policy", name) for name in roster.policies),
    }
