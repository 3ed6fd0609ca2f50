"""What a fresh installation pages by: the roles, times and channels of the operations guide (seed 002)."""

from datetime import date, timedelta

from incidentops.domain.notifications.contacts import Channel, ContactMethod
from incidentops.domain.oncall.people import Team, User
from incidentops.domain.oncall.policies import EscalationPolicy, Step, Target, TargetKind
from incidentops.domain.oncall.rotations import Rotation
from incidentops.domain.oncall.schedules import Layer, Schedule
from incidentops.domain.severity import Severity

TEAM = "operations"
PRIMARY_ANSWERS = timedelta(minutes=5)
SECONDARY_ANSWERS = timedelta(minutes=15)
_PANEL = ContactMethod(Channel.PANEL)


def users(catcher_url: str) -> tuple[User, ...]:
    """Roles in place of people, reached through the lab's catcher: put your own in their place."""
    return (
        _person("engineer-1", "First on-call engineer", "engineer", catcher_url),
        _person("engineer-2", "Second on-call engineer", "engineer", catcher_url),
        _person("manager", "Engineering manager", "manager", catcher_url),
        User(
            "incidents-chat",
            "The incidents channel",
            "chat",
            methods=(ContactMethod(Channel.SLACK, f"{catcher_url}/chat/incidents"), _PANEL),
        ),
        User(
            "ticket-queue",
            "The ticket queue",
            "tickets",
            methods=(ContactMethod(Channel.WEBHOOK, f"{catcher_url}/tickets"), _PANEL),
        ),
    )


def schedules(today: date) -> tuple[Schedule, ...]:
    """Two engineers take weekly turns as primary and secondary, handed over on Monday at nine."""
    monday = today - timedelta(days=today.weekday() + 7)
    return (
        _weekly("primary", ("engineer-1", "engineer-2"), monday, "First responder, answers within 5 minutes"),
        _weekly("secondary", ("engineer-2", "engineer-1"), monday, "Backup, answers within 15 minutes"),
    )


def policies() -> tuple[EscalationPolicy, ...]:
    """One per severity: SEV-1 pages on-call and manager, SEV-2 on-call, SEV-3 the chat, SEV-4 opens a ticket."""
    primary, secondary = _schedule("primary"), _schedule("secondary")
    manager, chat, tickets = _user("manager"), _user("incidents-chat"), _user("ticket-queue")
    return (
        EscalationPolicy(
            "sev-1",
            (
                Step((primary, manager), PRIMARY_ANSWERS),
                Step((secondary,), SECONDARY_ANSWERS),
                Step((manager,), SECONDARY_ANSWERS),
            ),
            repeat=2,
            ack_timeout=timedelta(minutes=30),
            description="Complete outage: on-call and manager at once",
        ),
        EscalationPolicy(
            "sev-2",
            (
                Step((primary,), PRIMARY_ANSWERS),
                Step((secondary,), SECONDARY_ANSWERS),
                Step((manager,), SECONDARY_ANSWERS),
            ),
            repeat=1,
            description="Major degradation: on-call, then backup, then manager",
        ),
        EscalationPolicy(
            "sev-3", (Step((chat,), timedelta(hours=1)),), description="Minor degradation: the chat channel"
        ),
        EscalationPolicy(
            "sev-4", (Step((tickets,), timedelta(days=1)),), description="Cosmetic issue: a ticket"
        ),
    )


def team() -> Team:
    """Answers for every service that no other team names."""
    by_severity = {severity: f"sev-{severity.rank}" for severity in Severity}
    return Team(
        TEAM, "Everything without a team of its own", ("engineer-1", "engineer-2", "manager"), (), by_severity
    )


def _person(name: str, full_name: str, role: str, catcher_url: str) -> User:
    methods = (
        ContactMethod(Channel.WEBHOOK, f"{catcher_url}/pages/{name}"),
        ContactMethod(Channel.EMAIL, f"{name}@lab.invalid"),
        _PANEL,
    )
    return User(name, full_name, role, methods=methods)


def _weekly(name: str, people: tuple[str, ...], monday: date, description: str) -> Schedule:
    return Schedule(name, TEAM, "UTC", (Layer("weekly", Rotation(people, monday)),), description=description)


def _schedule(name: str) -> Target:
    return Target(TargetKind.SCHEDULE, name)


def _user(name: str) -> Target:
    return Target(TargetKind.USER, name)
