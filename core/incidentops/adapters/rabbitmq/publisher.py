"""Publishing with confirms: many threads hand in, one connection sends whatever waits and settles by batch.

Waiting messages are withdrawn at their deadline. Messages that are out when the connection breaks are sent
again on the next one while somebody still waits for them; consumers are idempotent, so a double does no harm.
While the broker confirms nothing (it hangs, or has blocked publishers) nothing more is sent, so that it does
not find a heap of messages that were reported as failed when it comes back. After two seconds of that the
connection is given up.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import takewhile
from typing import Any

import structlog
from pika import BasicProperties
from pika.channel import Channel
from pika.spec import Basic

from incidentops.adapters.rabbitmq.errors import unavailable
from incidentops.adapters.rabbitmq.link import Link
from incidentops.adapters.rabbitmq.wire import DIRECT_REPLY_TO, Outgoing
from incidentops.domain.errors import MalformedMessage
from incidentops.messages.envelope import Message, decode

LARGEST_BATCH = 1_000
STALLED_SECONDS = 0.5
GIVE_UP_SECONDS = 2.0
CHECK_SECONDS = 0.25

_log = structlog.get_logger(__name__)


class Publisher:
    """Sends messages on one link. `send` and `ask` may be called from any thread."""

    def __init__(self, url: str, name: str, *, retry_delays_ms: Sequence[int]) -> None:
        self._waiting: deque[Outgoing] = deque()
        self._in_flight: OrderedDict[int, Outgoing] = OrderedDict()
        self._answers: dict[str, Future[Message]] = {}
        self._channel: Channel | None = None
        self._next_tag = 1
        self._blocked = False
        self._unconfirmed_since: float | None = None  # read by every thread, set in the link's
        self._flush_due = False
        self.link = Link(
            url, name, retry_delays_ms=retry_delays_ms, on_ready=self._use, on_lost=self._take_back
        )
        self.link.start()

    def ready(self) -> bool:
        """Connected, not blocked by the broker, and confirmations arrive."""
        return self.link.ready() and not self._blocked and not self._stalled()

    def send(self, outgoing: Outgoing, timeout_seconds: float) -> None:
        """Return once the broker has confirmed. Raises Unavailable, at the latest after the timeout."""
        self._hand_in(outgoing)
        try:
            outgoing.settled.result(timeout_seconds)
        except TimeoutError:
            outgoing.abandoned = True
            raise unavailable(self._why_not(timeout_seconds)) from None

    def ask(self, outgoing: Outgoing, timeout_seconds: float, publish_seconds: float) -> Message:
        """Send a command and wait for its answer. Raises Unavailable when the broker does not take it
        within `publish_seconds`, TimeoutError when no answer has come within `timeout_seconds`."""
        deadline = time.monotonic() + timeout_seconds
        answer = self._answers.setdefault(str(outgoing.properties.message_id), Future())
        try:
            self.send(outgoing, min(publish_seconds, timeout_seconds))
            return answer.result(max(deadline - time.monotonic(), 0))
        except TimeoutError:
            raise TimeoutError(f"no answer to {outgoing.routing_key} within {timeout_seconds} s") from None
        finally:
            self._answers.pop(str(outgoing.properties.message_id), None)

    def close(self, seconds: float) -> None:
        self.link.close(seconds)

    def _hand_in(self, outgoing: Outgoing) -> None:
        self._waiting.append(outgoing)
        if not self._flush_due:  # one wake-up serves all that wait: this is where batches come from
            self._flush_due = True  # before the call: its flush clears this again
            if not self.link.call(self._flush):
                self._flush_due = False

    def _why_not(self, timeout_seconds: float) -> str:
        if not self.link.ready():
            return self.link.last_error
        if self._blocked:
            return "it has blocked publishers (memory or disk alarm)"
        return f"not confirmed within {timeout_seconds} s"

    # From here on everything runs in the link's thread.

    def _use(self, channel: Channel) -> None:
        self._next_tag = 1
        self._blocked = False
        channel.connection.add_on_connection_blocked_callback(lambda *_: self._set_blocked(blocked=True))
        channel.connection.add_on_connection_unblocked_callback(lambda *_: self._set_blocked(blocked=False))
        channel.add_on_return_callback(self._returned)
        channel.basic_consume(DIRECT_REPLY_TO, self._answered, auto_ack=True)
        channel.confirm_delivery(self._confirmed, callback=lambda _: self._begin(channel))

    def _begin(self, channel: Channel) -> None:
        """Only now: what is sent before the broker counts confirmations would shift every delivery tag."""
        self._channel = channel
        self._flush()
        self._check(channel)

    def _check(self, channel: Channel) -> None:
        """Look again and again, as long as this channel is the current one, whether confirmations come."""
        if self._channel is None or channel is not self._channel:
            return
        if self._unconfirmed_seconds() > GIVE_UP_SECONDS and not self._blocked:
            self.link.abandon(f"nothing confirmed for {GIVE_UP_SECONDS} s")
        else:
            channel.connection.ioloop.call_later(CHECK_SECONDS, lambda: self._check(channel))

    def _take_back(self) -> None:
        self._channel = None
        self._waiting.extendleft(reversed(self._in_flight.values()))
        self._in_flight.clear()
        self._note_oldest()
        self._flush_due = False

    def _set_blocked(self, *, blocked: bool) -> None:
        self._blocked = blocked
        self._flush()

    def _flush(self) -> None:
        self._flush_due = False  # before looking: what is handed in from now on wakes us again
        channel = self._channel
        while channel is not None and self._waiting and self._may_send():
            outgoing = self._waiting.popleft()
            if not outgoing.abandoned:
                self._transmit(outgoing, channel)

    def _may_send(self) -> bool:
        return len(self._in_flight) < LARGEST_BATCH and not self._blocked and not self._stalled()

    def _stalled(self) -> bool:
        return self._unconfirmed_seconds() > STALLED_SECONDS

    def _unconfirmed_seconds(self) -> float:
        """How long the oldest message that is out has waited for its confirmation."""
        since = self._unconfirmed_since
        return 0.0 if since is None else time.monotonic() - since

    def _note_oldest(self) -> None:
        oldest = next(iter(self._in_flight.values()), None)
        self._unconfirmed_since = oldest.sent_at if oldest else None

    def _transmit(self, outgoing: Outgoing, channel: Channel) -> None:
        outgoing.sent_at = time.monotonic()
        self._in_flight[self._next_tag] = outgoing
        self._next_tag += 1
        self._note_oldest()
        channel.basic_publish(
            outgoing.exchange,
            outgoing.routing_key,
            outgoing.body,
            outgoing.properties,
            mandatory=outgoing.mandatory,
        )

    def _confirmed(self, frame: Any) -> None:
        """One confirmation may cover every message up to its tag."""
        tag, multiple = frame.method.delivery_tag, frame.method.multiple
        tags = list(takewhile(lambda known: known <= tag, self._in_flight)) if multiple else [tag]
        accepted = isinstance(frame.method, Basic.Ack)
        for known in tags:
            _settle(self._in_flight.pop(known, None), None if accepted else "the queue refused the message")
        self._note_oldest()
        self._flush()

    def _returned(self, _channel: Channel, method: Any, properties: BasicProperties, _body: bytes) -> None:
        """No queue is bound for it. The confirmation follows and finds the message settled already."""
        for outgoing in self._in_flight.values():
            if outgoing.properties.message_id == properties.message_id:
                _settle(outgoing, f"no queue takes {method.routing_key}")

    def _answered(self, _channel: Channel, _method: Any, properties: BasicProperties, body: bytes) -> None:
        answer = self._answers.get(str(properties.correlation_id))
        if answer is None or answer.done():
            return  # too late: the asker has gone
        try:
            answer.set_result(decode(body))
        except MalformedMessage as error:
            _log.warning("answer_unreadable", reason=str(error))


def _settle(outgoing: Outgoing | None, refusal: str | None) -> None:
    if outgoing is None or outgoing.settled.done():
        return
    if refusal is None:
        outgoing.settled.set_result(None)
    else:
        outgoing.settled.set_exception(unavailable(refusal))
