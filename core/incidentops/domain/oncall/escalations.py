"""One incident's way through its escalation policy. Pure: what happens next follows from state and time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from incidentops.domain.notifications.contacts import Urgency
from incidentops.domain.oncall.people import User, urgency_of
from incidentops.domain.oncall.policies import EscalationPolicy
from incidentops.domain.oncall.roster import Roster
from incidentops.domain.severity import Severity


class EscalationState(StrEnum):
    """`running` pages on; `acknowledged` waits (for the acknowledgement's own timeout, if any); `exhausted`
    has gone through all steps and every repeat; `ended` is over with its incident."""

    RUNNING = "running"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Escalation:
    """Where an incident stands: `step` is the one that `due_at` will take, in round `round`. The policy is
    the one that held when it began. `suppressed` says why nobody is paged at present. `revision` counts the
    changes, so that of two backends one advances."""

    incident_id: UUID
    number: int
    title: str
    service: str
    severity: Severity
    team: str | None
    policy: EscalationPolicy
    started_at: datetime
    due_at: datetime | None
    state: EscalationState = EscalationState.RUNNING
    step: int = 0
    round: int = 0
    suppressed: str | None = None
    revision: int = 0

    @property
    def troubles(self) -> bool:
        """Whether it stands for what stands on its service, too: who is woken for the cause need not be for each
        consequence. A ticket keeps no page back."""
        return self.state is not EscalationState.ENDED and urgency_of(self.severity) is Urgency.HIGH


@dataclass(frozen=True, slots=True)
class Advance:
    """An escalation after a step: how it stands now, whom to page, and what to write into the timeline. `step` is
    the one that reached them, from 0; None when none did."""

    escalation: Escalation
    people: tuple[User, ...] = ()
    notes: tuple[str, ...] = ()
    step: int | None = None


def advance(escalation: Escalation, roster: Roster, now: datetime) -> Advance:
    """Take the step that is due. A step for which nobody is on call is passed over at once; when no step
    reaches anybody, the whole team is paged: a page is never lost in silence."""
    current, notes = _running_again(escalation), list[str]()
    while current.state is EscalationState.RUNNING:
        people = roster.people(current.policy.steps[current.step].targets, now)
        after = _after_step(current, now)
        if people:
            return Advance(after, tuple(people), (*notes, _paged(current, people)), current.step)
        notes.append(f"Step {current.step + 1} reaches nobody: {_targets(current)}")
        if after.round > current.round or after.state is EscalationState.EXHAUSTED:
            return _page_everybody(after, roster, notes)
        current = after
    return Advance(current)


def acknowledged(escalation: Escalation, now: datetime) -> Escalation:
    """Nobody is paged on, until the acknowledgement's timeout where the policy has one."""
    timeout = escalation.policy.ack_timeout
    due_at = now + timeout if timeout else None
    return replace(escalation, state=EscalationState.ACKNOWLEDGED, due_at=due_at)


def _running_again(escalation: Escalation) -> Escalation:
    """A due acknowledgement has timed out: begin anew. What was exhausted and is due was asked for again."""
    if escalation.state is EscalationState.RUNNING:
        return escalation
    return replace(escalation, state=EscalationState.RUNNING, step=0, round=0)


def _after_step(escalation: Escalation, now: datetime) -> Escalation:
    policy = escalation.policy
    wait: timedelta = policy.steps[escalation.step].wait
    if escalation.step + 1 < len(policy.steps):
        return replace(escalation, step=escalation.step + 1, due_at=now + wait)
    if escalation.round < policy.repeat:
        return replace(escalation, step=0, round=escalation.round + 1, due_at=now + wait)
    return replace(escalation, state=EscalationState.EXHAUSTED, due_at=None)


def _page_everybody(escalation: Escalation, roster: Roster, notes: list[str]) -> Advance:
    people = roster.members(escalation.team)
    notes.append(f"The whole team is paged: {_names(people) or 'it has no member who can be reached'}")
    return Advance(escalation, tuple(people), tuple(notes))


def _paged(escalation: Escalation, people: list[User]) -> str:
    again = f", round {escalation.round + 1}" if escalation.round else ""
    return f"Paged {_names(people)} (step {escalation.step + 1}{again} of {escalation.policy.name})"


def _targets(escalation: Escalation) -> str:
    targets = escalation.policy.steps[escalation.step].targets
    return ", ".join(f"{target.kind} {target.name}" for target in targets)


def _names(people: list[User]) -> str:
    return ", ".join(user.name for user in people)
