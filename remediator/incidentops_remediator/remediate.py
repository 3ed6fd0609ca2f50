"""Carries out remediation runs, on the command `remediator.remediate`."""

from collections.abc import Mapping

import structlog
from pydantic import ValidationError

from incidentops.clock import SystemClock
from incidentops.domain.errors import MalformedMessage, StaleCommand
from incidentops.domain.remediation import Order, summarise
from incidentops.healing import Patience, RunLost, heal
from incidentops.messages.commands import Remediate
from incidentops.messages.envelope import Message
from incidentops.messages.replies import reply_to
from incidentops.ports import Bus, Clock, Handler
from incidentops_remediator.hands import ANSWER_SECONDS, BusHands

log = structlog.get_logger()


def handlers(bus: Bus) -> Mapping[str, Handler]:
    """The remediator's commands."""
    return {"remediator.remediate": Remediator(bus, SystemClock())}


class Remediator:
    """A `Handler`: claims the run, heals, answers. A run that is lost to the backend is a dead letter."""

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        patience: Patience | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._bus, self._clock = bus, clock
        self._patience, self._answer_seconds = patience or Patience(), answer_seconds

    def __call__(self, message: Message) -> Message:
        order = _order_of(message)
        hands = BusHands(self._bus, self._clock, order, message, self._answer_seconds)
        try:
            hands.claim()
            decisions = heal(order, hands, self._patience)
        except RunLost as error:
            raise StaleCommand(f"remediation {order.run_id} was lost: {error}") from error
        answer = summarise(decisions) | {"run_id": str(order.run_id)}
        log.info("remediated", **answer)
        return reply_to(message, "remediator", self._clock.now(), answer)


def _order_of(message: Message) -> Order:
    try:
        payload = Remediate.model_validate(message.payload)
    except ValidationError as error:
        raise MalformedMessage(str(error)) from error
    only = frozenset(payload.only) if payload.only is not None else None
    return Order(payload.run_id, payload.trigger, only)
