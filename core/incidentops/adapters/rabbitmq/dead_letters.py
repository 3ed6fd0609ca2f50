"""Looking at the dead-letter queue without taking anything out of it.

A queue has no "peek". All its messages are taken unacknowledged on a channel of their own and put back, and
the queue has no delivery limit. What is put back may change places with what arrives meanwhile, so letters are
sorted by their time (of letters that the broker itself refused only the second is known). While one process
looks (some milliseconds), another that looks sees fewer letters: the price of a real queue, from which letters
can later be replayed, over a log, from which they cannot.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

from pika import BasicProperties
from pika.channel import Channel

from incidentops.adapters.rabbitmq.errors import unavailable
from incidentops.adapters.rabbitmq.link import Link
from incidentops.messages.topology import DEAD_LETTER_QUEUE
from incidentops.ports import DeadLetter

LOOK_SECONDS = 2.0
RECOUNT_SECONDS = 0.005
MOST_RECOUNTS = 50
LONGEST_BODY = 2_000

_BROKER_WORDS = {
    "expired": "expired in the queue, before a consumer took it",
    "delivery_limit": "delivered too often without being finished (it ends its consumers)",
    "maxlen": "the queue was full",
}


class DeadLetterReader:
    """Reads the newest dead letters over an existing link."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._one_at_a_time = threading.Lock()

    def newest(self, limit: int) -> list[DeadLetter]:
        """Newest first. Raises Unavailable when the broker does not show them within two seconds."""
        with self._one_at_a_time:
            look = _Look(limit)
            if not self._link.open_channel(look.count):
                raise unavailable(self._link.last_error)
            try:
                return look.found.result(LOOK_SECONDS)
            except TimeoutError:
                raise unavailable(f"dead letters not shown within {LOOK_SECONDS} s") from None


class _Look:
    """One look: count, take that many, put them back, wait until they are back. Runs in the link's thread."""

    def __init__(self, limit: int) -> None:
        self.found: Future[list[DeadLetter]] = Future()
        self._limit = limit
        self._letters: list[DeadLetter] = []
        self._expected = 0
        self._recounts = 0

    def count(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._closed)
        _ask_count(channel, self._take)

    def _take(self, channel: Channel, ready: int) -> None:
        self._expected = ready
        if ready == 0:
            channel.close()
        else:
            channel.basic_consume(DEAD_LETTER_QUEUE, self._took)

    def _took(self, channel: Channel, method: Any, properties: BasicProperties, body: bytes) -> None:
        self._letters.append(read_letter(properties, body))
        if len(self._letters) == self._expected:
            channel.basic_cancel(method.consumer_tag, callback=lambda _: self._put_back(channel))

    def _put_back(self, channel: Channel) -> None:
        channel.basic_nack(0, multiple=True, requeue=True)  # tag 0: everything this channel holds
        _ask_count(channel, self._wait_until_back)

    def _wait_until_back(self, channel: Channel, ready: int) -> None:
        """The queue takes them back a moment later; a look before that would find it empty."""
        self._recounts += 1
        if ready >= len(self._letters) or self._recounts >= MOST_RECOUNTS:
            channel.close()
        else:
            again = RECOUNT_SECONDS
            channel.connection.ioloop.call_later(again, lambda: _ask_count(channel, self._wait_until_back))

    def _closed(self, _channel: Channel, reason: BaseException) -> None:
        if len(self._letters) >= self._expected and not self.found.done():
            newest_first = sorted(self._letters, key=lambda letter: letter.at, reverse=True)
            self.found.set_result(newest_first[: self._limit])
        elif not self.found.done():
            self.found.set_exception(unavailable(reason))


def _ask_count(channel: Channel, told: Callable[[Channel, int], None]) -> None:
    """How many letters are ready to be taken."""
    if channel.is_open:
        channel.queue_declare(
            DEAD_LETTER_QUEUE, passive=True, callback=lambda frame: told(channel, frame.method.message_count)
        )


def read_letter(properties: BasicProperties, body: bytes) -> DeadLetter:
    """A letter refused by a consumer carries our headers; one refused by the broker only its record."""
    headers = properties.headers or {}
    death: dict[str, Any] = next(iter(headers.get("x-death", ())), {})
    return DeadLetter(
        queue=str(headers.get("queue") or death.get("queue", "unknown")),
        reason=str(headers.get("reason") or _broker_reason(death)),
        at=_time_of(headers.get("failed_at"), death.get("time")),
        message_type=properties.type,
        body=body[:LONGEST_BODY].decode("utf-8", "replace"),
    )


def _broker_reason(death: dict[str, Any]) -> str:
    word = str(death.get("reason", "unknown"))
    return _BROKER_WORDS.get(word, word)


def _time_of(failed_at: object, died_at: object) -> datetime:
    if isinstance(died_at, datetime) and failed_at is None:
        return died_at if died_at.tzinfo else died_at.replace(tzinfo=UTC)
    try:
        return datetime.fromisoformat(str(failed_at))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
