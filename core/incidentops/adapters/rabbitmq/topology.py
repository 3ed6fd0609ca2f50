"""Declares every exchange and queue of `messages.topology` on a channel; idempotent, done on every connect.

- A message that its consumers could not finish 20 times (a crash each time) is dead-lettered by the broker.
- A retry waits in one queue per delay and expires back to the queue it came from: the headers exchange picks
  the delay, while the routing key keeps the name of the queue.
- The dead-letter queue keeps the newest 1,000 messages or 16 MiB and has no delivery limit, because looking
  at it counts as a delivery.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pika.channel import Channel

from incidentops.messages.topology import (
    COMMANDS,
    DEAD_LETTER_EXCHANGE,
    DEAD_LETTER_QUEUE,
    EVENTS,
    QUEUES,
    RETRY_EXCHANGE,
)

DELIVERY_LIMIT = 20
DELAY_HEADER = "delay_ms"

# At-least-once dead-lettering: the broker removes a message only once the target queue has confirmed it.
_LOSSLESS = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


def declare(channel: Channel, retry_delays_ms: Sequence[int], done: Callable[[], None]) -> None:
    """Send all declarations without waiting for each; `done` runs once the broker has carried them out.

    A declaration that contradicts what exists closes the channel with the broker's reason.
    """
    _declare_dead_letters(channel)
    _declare_retries(channel, retry_delays_ms)
    _declare_work(channel)
    channel.queue_declare(DEAD_LETTER_QUEUE, passive=True, callback=lambda _: done())


def _declare_dead_letters(channel: Channel) -> None:
    channel.exchange_declare(DEAD_LETTER_EXCHANGE, "fanout", durable=True)
    _declare_quorum_queue(
        channel,
        DEAD_LETTER_QUEUE,
        {
            "x-delivery-limit": -1,
            "x-max-length": 1_000,
            "x-max-length-bytes": 16 * 1024 * 1024,
            "x-overflow": "drop-head",
        },
    )
    channel.queue_bind(DEAD_LETTER_QUEUE, DEAD_LETTER_EXCHANGE, "")


def _declare_retries(channel: Channel, delays_ms: Sequence[int]) -> None:
    channel.exchange_declare(RETRY_EXCHANGE, "headers", durable=True)
    for delay in delays_ms:
        name = f"retry.{delay}"
        back = {"x-message-ttl": delay, "x-dead-letter-exchange": "", "x-delivery-limit": -1}
        _declare_quorum_queue(channel, name, {**back, **_LOSSLESS})
        channel.queue_bind(name, RETRY_EXCHANGE, "", {"x-match": "all", DELAY_HEADER: delay})


def _declare_work(channel: Channel) -> None:
    for exchange in (COMMANDS, EVENTS):
        channel.exchange_declare(exchange, "topic", durable=True)
    for queue in QUEUES.values():
        limits = {"x-dead-letter-exchange": DEAD_LETTER_EXCHANGE, "x-delivery-limit": DELIVERY_LIMIT}
        _declare_quorum_queue(channel, queue.name, {**limits, **_LOSSLESS})
        for pattern in queue.patterns:
            channel.queue_bind(queue.name, queue.exchange, pattern)


def _declare_quorum_queue(channel: Channel, name: str, arguments: dict[str, Any]) -> None:
    channel.queue_declare(name, durable=True, arguments={"x-queue-type": "quorum", **arguments})
