"""Consuming one queue: a link receives, a second thread handles: heartbeats never wait for a handler."""

import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from pika import BasicProperties
from pika.channel import Channel

from incidentops.adapters.rabbitmq import wire
from incidentops.adapters.rabbitmq.delivery import Fate, Judge, Verdict
from incidentops.adapters.rabbitmq.link import Link
from incidentops.adapters.rabbitmq.publisher import Publisher
from incidentops.domain.errors import Unavailable

SEND_SECONDS = 0.5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Delivery:
    channel: Channel
    tag: int
    properties: BasicProperties
    body: bytes


class Consumer:
    """Handles the messages of one queue in the order they come, and acknowledges each after its handling.

    What must follow from a delivery (answer, retry, dead letter) is published and confirmed before the
    delivery is acknowledged: between the two a crash makes a double, never a loss.
    """

    def __init__(
        self, url: str, name: str, judge: Judge, publisher: Publisher, *,
        prefetch: int, retry_delays_ms: Sequence[int],
    ) -> None:  # fmt: skip
        self._judge = judge
        self._publisher = publisher
        self._prefetch = prefetch
        self._inbox: queue.SimpleQueue[_Delivery | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._worker = threading.Thread(target=self._work, name=f"bus {name} handler", daemon=True)
        self._link = Link(
            url, name, retry_delays_ms=retry_delays_ms, on_ready=self._consume, on_lost=lambda: None
        )
        self._worker.start()
        self._link.start()

    def ready(self) -> bool:
        return self._link.ready()

    def close(self, seconds: float) -> None:
        """Finish the message in hand; what else was delivered returns to the queue."""
        deadline = time.monotonic() + seconds
        self._closing.set()
        self._inbox.put(None)
        self._worker.join(seconds)
        self._link.close(max(deadline - time.monotonic(), 0.1))

    def _consume(self, channel: Channel) -> None:
        channel.basic_qos(prefetch_count=self._prefetch)
        channel.basic_consume(self._judge.queue, self._received)

    def _received(self, channel: Channel, method: Any, properties: BasicProperties, body: bytes) -> None:
        self._inbox.put(_Delivery(channel, method.delivery_tag, properties, body))

    def _work(self) -> None:
        while (delivery := self._inbox.get()) is not None and not self._closing.is_set():
            if delivery.channel.is_open:  # else the broker delivers it again on the next connection
                self._finish(delivery)

    def _finish(self, delivery: _Delivery) -> None:
        verdict = self._judge.judge(delivery.body, wire.attempt_of(delivery.properties))
        if verdict.reply is not None and delivery.properties.reply_to:
            self._answer(verdict.reply, delivery)
        if self._followed_up(verdict, delivery):
            self._link.call(lambda: _acknowledge(delivery))

    def _answer(self, reply: Any, delivery: _Delivery) -> None:
        try:
            self._publisher.send(wire.of_reply(reply, delivery.properties), SEND_SECONDS)
        except Unavailable as error:
            _log.warning("answer_lost", queue=self._judge.queue, reason=str(error))

    def _followed_up(self, verdict: Verdict, delivery: _Delivery) -> bool:
        """Publish the retry or dead letter, trying for as long as the delivery is ours to acknowledge."""
        while delivery.channel.is_open:
            outgoing = self._follow_up(verdict, delivery)
            if outgoing is None:
                return True
            try:
                self._publisher.send(outgoing, SEND_SECONDS)
            except Unavailable:
                if self._closing.is_set():
                    return False
            else:
                return True
        return False

    def _follow_up(self, verdict: Verdict, delivery: _Delivery) -> wire.Outgoing | None:
        queue_name, body, properties = self._judge.queue, delivery.body, delivery.properties
        if verdict.fate is Fate.DEAD_LETTERED:
            return wire.of_dead_letter(body, properties, queue_name, verdict.reason)
        if verdict.fate is Fate.RETRIED:
            attempt = wire.attempt_of(properties) + 1
            return wire.of_retry(body, properties, queue_name, attempt=attempt, delay_ms=verdict.delay_ms)
        return None


def _acknowledge(delivery: _Delivery) -> None:
    if delivery.channel.is_open:
        delivery.channel.basic_ack(delivery.tag)
