"""Commands from chaos, remediator and worker: the only way they act on a service."""

from collections.abc import Mapping
from typing import Any

from incidentops.domain.actions import Actor, Outcome, Source
from incidentops.domain.errors import IncidentOpsError, MalformedMessage, StaleCommand, Unavailable
from incidentops.domain.services import Verb
from incidentops.messages.commands import ActOrder, Ping, RunClaim, RunDecision
from incidentops.messages.envelope import Message
from incidentops.messages.replies import reply_to
from incidentops.ports import Clock
from incidentops_backend import __version__
from incidentops_backend.consumers.reading import Answer, read_payload
from incidentops_backend.consumers.remediation import RunCommands
from incidentops_backend.use_cases.act import Act, ActionResult, Terms
from incidentops_backend.use_cases.errors import ActionFailed


class CommandHandler:
    """Handles `backend.*`. What cannot be done is an answer (`failed`, `refused`), not an error: the sender
    decides what follows. Stale and malformed commands go to the dead letters. `further` are the commands of other
    subjects."""

    def __init__(
        self, act: Act, runs: RunCommands, clock: Clock, further: Mapping[str, Answer] | None = None
    ) -> None:
        self._act, self._runs, self._clock = act, runs, clock
        self._answers: dict[str, Answer] = {
            "backend.act": self._do,
            "backend.claim_run": lambda message: runs.claim(read_payload(RunClaim, message)),
            "backend.services": lambda message: runs.services(read_payload(RunClaim, message)),
            "backend.explain": lambda message: runs.explain(read_payload(RunDecision, message)),
            "backend.ping": _ping,
            **(further or {}),
        }

    def __call__(self, message: Message) -> Message:
        answer = self._answers.get(message.type)
        if answer is None:
            raise MalformedMessage(f"backend knows no command {message.type!r}")
        return reply_to(message, "backend", self._clock.now(), answer(message))

    def _do(self, message: Message) -> dict[str, Any]:
        order = read_payload(ActOrder, message)
        if order.run_id is not None:
            return self._runs.act(order)
        try:
            return _told(self._perform(order, Actor(message.actor, Source.BUS), message))
        except (StaleCommand, Unavailable):
            raise
        except ActionFailed as error:
            return {"outcome": Outcome.FAILED, "message": str(error)}
        except IncidentOpsError as error:
            return {"outcome": Outcome.REFUSED, "message": str(error)}

    def _perform(self, order: ActOrder, actor: Actor, message: Message) -> ActionResult:
        verb = Verb(order.verb)
        if verb is Verb.PING:
            return self._act.ping(order.service, actor, message.id)
        return self._act.perform(verb, order.service, actor, message.id, Terms(order.expected_started_at))


def _ping(message: Message) -> dict[str, Any]:
    read_payload(Ping, message)
    return {"service": "backend", "version": __version__}


def _told(result: ActionResult) -> dict[str, Any]:
    action = result.action
    return {"action_id": str(action.id), "outcome": action.outcome, "message": action.message}
