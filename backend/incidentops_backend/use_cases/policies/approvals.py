"""Remedies that wait for a person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from incidentops.domain.actions import Actor
from incidentops.domain.decisions import DecisionKind
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.guards import Answer, Approval, Guard
from incidentops.domain.policies import Remedy
from incidentops.domain.rulings import Case
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops_backend.use_cases.policies.decisions import DecisionLog
from incidentops_backend.use_cases.policies.guards import GuardBook

LASTS = timedelta(hours=1)
_KINDS = {Answer.APPROVE: DecisionKind.APPROVED, Answer.REFUSE: DecisionKind.REFUSED}


class NotWaiting(IncidentOpsError):
    """No approval of this id waits for an answer (any more)."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approval that waits, and the service it is about."""

    service: str
    approval: Approval


class Approvals:
    """Listeners are told the service once a person has said yes."""

    def __init__(self, guards: GuardBook, decisions: DecisionLog, clock: Clock) -> None:
        self._guards, self._decisions, self._clock = guards, decisions, clock
        self._listeners: list[Callable[[str], None]] = []

    def listen(self, listener: Callable[[str], None]) -> None:
        self._listeners.append(listener)

    def ask(self, case: Case, remedy: Remedy, reason: str) -> None:
        """Put a remedy before the people. Raises Unavailable when it cannot be kept."""
        now, name, policy = self._clock.now(), case.service.name, case.policy.name
        approval = Approval(uuid7(), policy, remedy, reason, now, now + LASTS)
        self._guards.change(name, lambda guard: guard.asked(approval, now))
        self._decisions.note(name, DecisionKind.ASKED, reason, policy=policy, remedy=remedy)

    def waiting(self) -> list[Waiting]:
        """Everything that waits now, the oldest first."""
        now = self._clock.now()
        found = [
            Waiting(guard.service, guard.approval)
            for guard in self._guards.all()
            if guard.approval and guard.approval.answer is None and now < guard.approval.expires_at
        ]
        return sorted(found, key=lambda item: item.approval.asked_at)

    def answer(self, approval_id: UUID, answer: Answer, actor: Actor) -> Waiting:
        """Raises NotWaiting, and Unavailable when the answer cannot be kept. The first answer stands."""
        asked = next((item for item in self.waiting() if item.approval.id == approval_id), None)
        if asked is None:
            raise NotWaiting(f"no approval {approval_id} waits for an answer")
        settled = Waiting(asked.service, replace(asked.approval, answer=answer, answered_by=actor.name))
        self._settle(asked, settled)
        self._note(settled, _KINDS[answer], actor)
        if answer is Answer.APPROVE:
            for listener in self._listeners:
                listener(settled.service)
        return settled

    def _settle(self, asked: Waiting, settled: Waiting) -> None:
        now = self._clock.now()

        def settle(guard: Guard) -> Guard:
            if guard.approval != asked.approval:
                raise NotWaiting(f"approval {asked.approval.id} has been answered meanwhile")
            return guard.asked(settled.approval, now)

        self._guards.change(asked.service, settle)

    def _note(self, settled: Waiting, kind: DecisionKind, actor: Actor) -> None:
        approval = settled.approval
        self._decisions.note(
            settled.service,
            kind,
            approval.reason,
            by=actor.name,
            policy=approval.policy,
            remedy=approval.remedy,
        )
