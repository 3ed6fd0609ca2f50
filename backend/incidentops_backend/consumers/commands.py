"""Commands from chaos, remediator and worker: the only way they act on a service."""

from datetime import datetime

from pydantic import ValidationError

from incidentops.domain.actions import Actor, Outcome, Source
from incidentops.domain.errors import IncidentOpsError, MalformedMessage, StaleCommand, Unavailable
from incidentops.domain.services import Verb
from incidentops.messages.commands import ActOrder
from incidentops.messages.envelope import Message
from incidentops.messages.replies import reply_to
from incidentops.ports import Clock
from incidentops_backend import __version__
from incidentops_backend.use_cases.act import Act, ActionResult
from incidentops_backend.use_cases.errors import ActionFailed


class CommandHandler:
    """Handles `backend.*`. What cannot be done is an answer (`failed`, `refused`), not an error: the sender
    decides what follows. Stale and malformed commands go to the dead letters."""

    def __init__(self, act: Act, clock: Clock) -> None:
        self._act, self._clock = act, clock

    def __call__(self, message: Message) -> Message:
        match message.type:
            case "backend.act":
                return self._reply(message, self._do(message))
            case "backend.ping":
                return self._reply(message, {"service": "backend", "version": __version__})
            case unknown:
                raise MalformedMessage(f"backend knows no command {unknown!r}")

    def _do(self, message: Message) -> dict[str, str]:
        try:
            order = ActOrder.model_validate(message.payload)
        except ValidationError as error:
            raise MalformedMessage(str(error)) from error
        actor = Actor(message.actor, Source.BUS)
        try:
            return _told(
                self._perform(Verb(order.verb), order.service, actor, order.expected_started_at, message)
            )
        except (StaleCommand, Unavailable):
            raise
        except ActionFailed as error:
            return {"outcome": Outcome.FAILED, "message": str(error)}
        except IncidentOpsError as error:
            return {"outcome": Outcome.REFUSED, "message": str(error)}

    def _perform(
        self, verb: Verb, service: str, actor: Actor, expected: datetime | None, message: Message
    ) -> ActionResult:
        if verb is Verb.PING:
            return self._act.ping(service, actor, message.id)
        return self._act.perform(verb, service, actor, message.id, expected_started_at=expected)

    def _reply(self, message: Message, payload: dict[str, str]) -> Message:
        return reply_to(message, "backend", self._clock.now(), payload)


def _told(result: ActionResult) -> dict[str, str]:
    action = result.action
    return {"action_id": str(action.id), "outcome": action.outcome, "message": action.message}
