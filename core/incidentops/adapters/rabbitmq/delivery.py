"""What becomes of one delivered message. No broker here: the real bus and its twin carry the verdict out."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import structlog
from structlog.contextvars import bound_contextvars

from incidentops.adapters.rabbitmq.handled import HandledIds
from incidentops.domain.errors import MalformedMessage, StaleCommand
from incidentops.messages.envelope import Message, decode
from incidentops.ports import Handler

_log = structlog.get_logger(__name__)


class Fate(StrEnum):
    """The end of one delivery; the `outcome` label of the metrics."""

    HANDLED = "handled"
    DUPLICATE = "duplicate"
    RETRIED = "retried"
    DEAD_LETTERED = "dead_lettered"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a delivery: `reply` answers a handled command, `delay_ms` is the pause before a retry,
    `reason` says why it was not handled. `message` is None when it could not be read."""

    fate: Fate
    message: Message | None
    reply: Message | None = None
    reason: str = ""
    delay_ms: int = 0


@dataclass(frozen=True, slots=True)
class Observation:
    """One delivery as the metrics see it."""

    queue: str
    message_type: str | None
    fate: Fate
    seconds: float


Observe = Callable[[Observation], None]


@dataclass(frozen=True, slots=True)
class Judge:
    """Handles the deliveries of one queue, one after the other, and says what becomes of each."""

    queue: str
    handler: Handler
    handled: HandledIds
    retry_delays_ms: Sequence[int]
    observe: Observe

    def judge(self, body: bytes, attempt: int) -> Verdict:
        """Run the handler on a delivery; `attempt` counts from 1. Never raises."""
        began = time.monotonic()
        verdict = self._verdict(body, attempt)
        message_type = verdict.message.type if verdict.message else None
        self.observe(Observation(self.queue, message_type, verdict.fate, time.monotonic() - began))
        return verdict

    def _verdict(self, body: bytes, attempt: int) -> Verdict:
        try:
            message = decode(body)
        except MalformedMessage as error:
            return self._refuse(None, str(error))
        if self.handled.seen(self.queue, message.id):
            return Verdict(Fate.DUPLICATE, message)
        with bound_contextvars(correlation_id=str(message.correlation_id), message_type=message.type):
            return self._handle(message, attempt)

    def _handle(self, message: Message, attempt: int) -> Verdict:
        if message.expired(datetime.now(UTC)):
            return self._refuse(message, f"expired at {message.expires_at}, before it was handled")
        try:
            reply = self.handler(message)
        except (MalformedMessage, StaleCommand) as error:
            return self._refuse(message, str(error))
        except Exception as error:  # noqa: BLE001 - no handler's mistake may end the consumer
            return self._retry_or_refuse(message, attempt, error)
        self.handled.add(self.queue, message.id)
        return Verdict(Fate.HANDLED, message, reply=reply)

    def _retry_or_refuse(self, message: Message, attempt: int, error: Exception) -> Verdict:
        reason = f"{type(error).__name__}: {error}"
        if attempt > len(self.retry_delays_ms):
            return self._refuse(message, f"failed {attempt} times, at last with {reason}")
        delay = self.retry_delays_ms[attempt - 1]
        _log.warning("message_retried", queue=self.queue, reason=reason, attempt=attempt, exc_info=error)
        return Verdict(Fate.RETRIED, message, reason=reason, delay_ms=delay)

    def _refuse(self, message: Message | None, reason: str) -> Verdict:
        _log.warning("message_dead_lettered", queue=self.queue, reason=reason)
        return Verdict(Fate.DEAD_LETTERED, message, reason=reason)
