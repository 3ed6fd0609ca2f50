"""Writes the action log: durable first, then to everyone who listens (cards, bus, metrics)."""

from collections.abc import Callable
from uuid import UUID

import structlog

from incidentops.domain.actions import Action, Actor, Outcome
from incidentops.domain.errors import Unavailable
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock, Records, StoredRecovery, StoredWish

log = structlog.get_logger()

ActionListener = Callable[[Action], None]


class ActionLog:
    """Intent before, outcome after. A listener sees both, in order."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._listeners: list[ActionListener] = []

    def listen(self, listener: ActionListener) -> None:
        self._listeners.append(listener)

    def intend(self, service: str, verb: Verb, actor: Actor, action_id: UUID | None = None) -> Action:
        """Write down what is about to be done. Raises Unavailable("spool", …) when no disk takes it: then
        nothing may be done."""
        action = self._intent(service, verb, actor, action_id)
        self._records.save_action(action)
        self._announce(action)
        return action

    def finish(self, action: Action, outcome: Outcome, message: str) -> Action:
        """Write down how it ended. What happened has happened: when no disk takes the outcome, it is still
        shown, and the intent is closed as interrupted at the next boot."""
        finished = action.finished(outcome, message, self._clock.now())
        try:
            self._records.save_action(finished)
        except Unavailable as error:
            log.error("action_outcome_not_stored", action=str(action.id), reason=str(error))
        self._announce(finished)
        return finished

    def refuse(self, service: str, verb: Verb, actor: Actor, reason: str) -> Action:
        """Write down an attempt that was not carried out."""
        return self.note(service, verb, actor, Outcome.REFUSED, reason)

    def note(self, service: str, verb: Verb, actor: Actor, outcome: Outcome, message: str) -> Action:
        """Write down a decision: something that has its outcome from the start."""
        return self.finish(self._intent(service, verb, actor), outcome, message)

    def wish(self, service: str, wish: Wish, actor: Actor) -> None:
        """Remember what the operator wants of a service, durably."""
        self._records.save_wish(StoredWish(service, wish, actor.name, self._clock.now()))

    def recovery(self, service: str, mode: RecoveryMode, actor: Actor) -> None:
        """Remember which recovery mode the operator chose for a service, durably."""
        self._records.save_recovery(StoredRecovery(service, mode, actor.name, self._clock.now()))

    def _intent(self, service: str, verb: Verb, actor: Actor, action_id: UUID | None = None) -> Action:
        return Action(
            id=action_id or uuid7(),
            service=service,
            verb=verb,
            actor=actor.name,
            source=actor.source,
            outcome=Outcome.RUNNING,
            message="",
            started_at=self._clock.now(),
        )

    def _announce(self, action: Action) -> None:
        for listener in self._listeners:
            listener(action)
