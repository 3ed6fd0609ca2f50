"""`MemoryBus`: the in-memory twin of RabbitMQ. Same topology, same verdicts, no broker."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from incidentops.adapters.rabbitmq.delivery import Fate, Judge, Observation, Observe, Verdict
from incidentops.adapters.rabbitmq.handled import RecentIds
from incidentops.domain.errors import MalformedMessage, Unavailable
from incidentops.messages.envelope import Message, decode
from incidentops.messages.topology import COMMANDS, QUEUES, exchange_of
from incidentops.ports import DeadLetter, Handler

SHORT_DELAYS_MS = (5, 10, 20)


@dataclass(frozen=True, slots=True)
class _Parcel:
    body: bytes
    attempt: int = 1
    answer: Future[Message] | None = None


def _unobserved(_observation: Observation) -> None:
    return None


class MemoryBus:
    """The port `Bus`. `go_away` and `come_back` play a broker that dies and returns with its queues."""

    def __init__(
        self, *, retry_delays_ms: Sequence[int] = SHORT_DELAYS_MS, observe: Observe = _unobserved
    ) -> None:
        self._retry_delays_ms = retry_delays_ms
        self._observe = observe
        self._handled = RecentIds()
        self._queues: dict[str, deque[_Parcel]] = {name: deque() for name in QUEUES}
        self._letters: deque[DeadLetter] = deque(maxlen=1_000)
        self._threads: list[threading.Thread] = []
        self._changed = threading.Condition()
        self._away = False
        self._closed = False

    def publish(self, message: Message, *, timeout_seconds: float = 0.5) -> None:  # noqa: ARG002 - the port's
        self._route(message, None)

    def request(self, command: Message, *, timeout_seconds: float) -> Message:
        if command.expires_at is None:
            expiry = datetime.now(UTC) + timedelta(seconds=timeout_seconds)
            command = command.model_copy(update={"expires_at": expiry})
        answer: Future[Message] = Future()
        self._route(command, answer)
        try:
            return answer.result(timeout_seconds)
        except TimeoutError:
            raise TimeoutError(f"no answer to {command.type} within {timeout_seconds} s") from None

    def subscribe(self, queue: str, handler: Handler, *, prefetch: int = 16) -> None:  # noqa: ARG002 - the port's
        judge = Judge(QUEUES[queue].name, handler, self._handled, self._retry_delays_ms, self._observe)
        thread = threading.Thread(target=self._consume, args=(judge,), name=f"memory {queue}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        with self._changed:
            self._refuse_if_away()
            self._expire_waiting()
            return list(reversed(self._letters))[:limit]

    def connected(self) -> bool:
        return not self._away and not self._closed

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(2)

    def go_away(self) -> None:
        """From now on nothing is accepted or delivered; what was accepted stays."""
        with self._changed:
            self._away = True

    def come_back(self) -> None:
        with self._changed:
            self._away = False
            self._changed.notify_all()

    def put_raw(self, queue: str, body: bytes) -> None:
        """Place any bytes in a queue, as a foreign client of the broker could."""
        self._enqueue(queue, _Parcel(body))

    def waiting(self, queue: str) -> list[Message]:
        """The messages of a queue that nobody has taken yet, oldest first."""
        with self._changed:
            return [decode(parcel.body) for parcel in self._queues[queue]]

    def _route(self, message: Message, answer: Future[Message] | None) -> None:
        exchange = exchange_of(message.type)
        parcel = _Parcel(message.encode(), answer=answer)
        with self._changed:
            self._refuse_if_away()
            targets = [
                queue.name
                for queue in QUEUES.values()
                if queue.exchange == exchange and any(_matches(p, message.type) for p in queue.patterns)
            ]
            if not targets and exchange == COMMANDS:
                raise Unavailable("rabbitmq", f"no queue takes {message.type}")
            for name in targets:
                self._enqueue(name, parcel)

    def _enqueue(self, queue: str, parcel: _Parcel) -> None:
        with self._changed:
            self._queues[queue].append(parcel)
            self._changed.notify_all()

    def _consume(self, judge: Judge) -> None:
        while (parcel := self._next(judge.queue)) is not None:
            verdict = judge.judge(parcel.body, parcel.attempt)
            self._carry_out(verdict, parcel, judge.queue)

    def _next(self, queue: str) -> _Parcel | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or (self._queues[queue] and not self._away))
            return None if self._closed else self._queues[queue].popleft()

    def _carry_out(self, verdict: Verdict, parcel: _Parcel, queue: str) -> None:
        if verdict.reply is not None and parcel.answer is not None:
            parcel.answer.set_result(decode(verdict.reply.encode()))
        if verdict.fate is Fate.RETRIED:
            again = _Parcel(parcel.body, parcel.attempt + 1, parcel.answer)
            _later(verdict.delay_ms / 1000, lambda: self._enqueue(queue, again))
        if verdict.fate is Fate.DEAD_LETTERED:
            self._bury(parcel, queue, verdict.reason)

    def _bury(self, parcel: _Parcel, queue: str, reason: str) -> None:
        message = _readable(parcel.body)
        body = parcel.body.decode("utf-8", "replace")[:2_000]
        letter = DeadLetter(queue, reason, datetime.now(UTC), message.type if message else None, body)
        with self._changed:
            self._letters.append(letter)

    def _expire_waiting(self) -> None:
        """The broker dead-letters what expires in a queue that nobody consumes."""
        now = datetime.now(UTC)
        for name, parcels in self._queues.items():
            for parcel in tuple(parcels):
                message = _readable(parcel.body)
                if message is not None and message.expired(now):
                    parcels.remove(parcel)
                    self._bury(parcel, name, "expired in the queue, before a consumer took it")

    def _refuse_if_away(self) -> None:
        if not self.connected():
            raise Unavailable("rabbitmq", "the broker is away")


def _readable(body: bytes) -> Message | None:
    try:
        return decode(body)
    except MalformedMessage:
        return None


def _matches(pattern: str, key: str) -> bool:
    """Topic matching for the two forms the topology uses: `word.#` and an exact key."""
    if pattern.endswith(".#"):
        head = pattern.removesuffix(".#")
        return key == head or key.startswith(f"{head}.")
    return pattern == key


def _later(seconds: float, work: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()
