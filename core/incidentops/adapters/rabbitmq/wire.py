"""Messages as AMQP sees them: exchange, routing key, properties, headers."""

import math
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pika import BasicProperties

from incidentops.adapters.rabbitmq.topology import DELAY_HEADER
from incidentops.messages.envelope import Message
from incidentops.messages.topology import COMMANDS, DEAD_LETTER_EXCHANGE, RETRY_EXCHANGE, exchange_of

DIRECT_REPLY_TO = "amq.rabbitmq.reply-to"
ATTEMPT_HEADER = "attempt"
LONGEST_REASON = 1_000

_PERSISTENT = 2


@dataclass(eq=False, slots=True)
class Outgoing:
    """One message on its way out. `settled` is done once the broker has confirmed or refused it; an
    `abandoned` one has nobody waiting any more and is not sent if it has not been yet."""

    exchange: str
    routing_key: str
    body: bytes
    properties: BasicProperties
    mandatory: bool = False
    settled: Future[None] = field(default_factory=Future)
    abandoned: bool = False
    sent_at: float = 0.0


def of_message(message: Message, *, wants_reply: bool = False) -> Outgoing:
    """A command must reach a queue (mandatory); an event happened whether or not anybody listens."""
    exchange = exchange_of(message.type)
    properties = _properties(message)
    properties.reply_to = DIRECT_REPLY_TO if wants_reply else None
    properties.expiration = _expiration(message)
    return Outgoing(exchange, message.type, message.encode(), properties, mandatory=exchange == COMMANDS)


def of_reply(reply: Message, command: BasicProperties) -> Outgoing:
    """The answer to the sender of `command`, who knows it by the command's message id."""
    properties = _properties(reply)
    properties.correlation_id = command.message_id
    return Outgoing("", str(command.reply_to), reply.encode(), properties)


def of_retry(
    body: bytes, properties: BasicProperties, queue: str, *, attempt: int, delay_ms: int
) -> Outgoing:
    """The same message for `queue` again, after the delay."""
    headers = {**_own_headers(properties), DELAY_HEADER: delay_ms, ATTEMPT_HEADER: attempt}
    again = BasicProperties(
        content_type=properties.content_type,
        delivery_mode=_PERSISTENT,
        message_id=properties.message_id,
        type=properties.type,
        reply_to=properties.reply_to,
        headers=headers,
    )
    return Outgoing(RETRY_EXCHANGE, queue, body, again, mandatory=True)


def of_dead_letter(body: bytes, properties: BasicProperties, queue: str, reason: str) -> Outgoing:
    """The message as it came, with why, where and when it was refused in its headers."""
    headers = {
        **_own_headers(properties),
        "reason": reason[:LONGEST_REASON],
        "queue": queue,
        "failed_at": datetime.now(UTC).isoformat(),
    }
    refused = BasicProperties(
        content_type=properties.content_type,
        delivery_mode=_PERSISTENT,
        message_id=properties.message_id,
        type=properties.type,
        headers=headers,
    )
    return Outgoing(DEAD_LETTER_EXCHANGE, queue, body, refused, mandatory=True)


def attempt_of(properties: BasicProperties) -> int:
    """Which attempt this delivery is, from 1. A header that is not ours to read counts as the first."""
    attempt = (properties.headers or {}).get(ATTEMPT_HEADER)
    return attempt if isinstance(attempt, int) and attempt > 0 else 1


def _properties(message: Message) -> BasicProperties:
    return BasicProperties(
        content_type="application/json",
        delivery_mode=_PERSISTENT,
        message_id=str(message.id),
        type=message.type,
        headers={"traceparent": message.traceparent} if message.traceparent else {},
    )


def _expiration(message: Message) -> str | None:
    """Milliseconds after which the broker itself dead-letters a command that nobody has taken."""
    if message.expires_at is None:
        return None
    left = (message.expires_at - datetime.now(UTC)).total_seconds()
    return str(max(math.ceil(left * 1000), 0))


def _own_headers(properties: BasicProperties) -> dict[str, Any]:
    """The headers without the broker's own record of deaths, which would grow with every retry."""
    headers = properties.headers or {}
    return {key: value for key, value in headers.items() if not key.startswith("x-")}
