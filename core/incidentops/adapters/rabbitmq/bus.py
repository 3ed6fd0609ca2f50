"""`RabbitBus`: the port `Bus` on RabbitMQ (DESIGN 5.4).

One connection publishes, one more per subscription consumes. Constructing never blocks and needs no broker:
connections are made, and made again, in the background.
"""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from incidentops.adapters.rabbitmq import wire
from incidentops.adapters.rabbitmq.consumer import Consumer
from incidentops.adapters.rabbitmq.dead_letters import DeadLetterReader
from incidentops.adapters.rabbitmq.delivery import Judge, Observation, Observe
from incidentops.adapters.rabbitmq.handled import HandledIds, RecentIds
from incidentops.adapters.rabbitmq.publisher import Publisher
from incidentops.messages.envelope import Message
from incidentops.messages.topology import QUEUES, RETRY_DELAYS_MS
from incidentops.ports import DeadLetter, Handler

PUBLISH_SECONDS = 0.5
CLOSE_SECONDS = 1.5


def _unobserved(_observation: Observation) -> None:
    return None


class RabbitBus:
    """Commands and events over RabbitMQ. Safe to use from many threads; see the port for what each call does.

    `name` is shown in RabbitMQ's console. `observe` is told of every delivery (metrics). `handled` remembers
    which messages were handled (by default the newest 10,000, in memory).
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        observe: Observe = _unobserved,
        handled: HandledIds | None = None,
        retry_delays_ms: Sequence[int] = RETRY_DELAYS_MS,
    ) -> None:
        self._url = url
        self._name = name
        self._observe = observe
        self._handled = handled or RecentIds()
        self._retry_delays_ms = tuple(retry_delays_ms)
        self._publisher = Publisher(url, f"{name} publisher", retry_delays_ms=self._retry_delays_ms)
        self._dead_letters = DeadLetterReader(self._publisher.link)
        self._consumers: list[Consumer] = []
        self._lock = threading.Lock()

    def publish(self, message: Message, *, timeout_seconds: float = PUBLISH_SECONDS) -> None:
        self._publisher.send(wire.of_message(message), timeout_seconds)

    def request(self, command: Message, *, timeout_seconds: float) -> Message:
        """As the port says. A command without `expires_at` gets one: the end of the wait for its answer."""
        outgoing = wire.of_message(_expiring(command, timeout_seconds), wants_reply=True)
        return self._publisher.ask(outgoing, timeout_seconds, PUBLISH_SECONDS)

    def subscribe(self, queue: str, handler: Handler, *, prefetch: int = 16) -> None:
        """As the port says. Raises KeyError for a queue that `messages.topology` does not know."""
        judge = Judge(QUEUES[queue].name, handler, self._handled, self._retry_delays_ms, self._observe)
        name = f"{self._name} {queue}"
        consumer = Consumer(
            self._url, name, judge, self._publisher, prefetch=prefetch, retry_delays_ms=self._retry_delays_ms
        )
        with self._lock:
            self._consumers.append(consumer)

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        return self._dead_letters.newest(limit)

    def connected(self) -> bool:
        """Whether messages flow now: publishing and every subscription."""
        return self._publisher.ready() and all(consumer.ready() for consumer in tuple(self._consumers))

    def close(self) -> None:
        """Finish the messages in hand, for at most two seconds."""
        deadline = time.monotonic() + CLOSE_SECONDS
        closers = [
            threading.Thread(target=consumer.close, args=(CLOSE_SECONDS,), daemon=True)
            for consumer in tuple(self._consumers)
        ]
        for closer in closers:
            closer.start()
        for closer in closers:
            closer.join(max(deadline - time.monotonic(), 0))
        self._publisher.close(max(deadline - time.monotonic(), 0.2))


def _expiring(command: Message, seconds: float) -> Message:
    if command.expires_at is not None:
        return command
    return command.model_copy(update={"expires_at": datetime.now(UTC) + timedelta(seconds=seconds)})
