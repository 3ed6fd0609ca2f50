"""What every `Bus` does. The twin and the real adapter inherit these tests and provide the two fixtures."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidentops.domain.errors import StaleCommand, Unavailable
from incidentops.messages.envelope import Message
from incidentops.ports import Bus
from incidentops.testing.containers import wait_until

PutRaw = Callable[[str, bytes], None]
SOON = 60.0
"""Seconds. Nobody waits that long unless something is wrong or the machine very slow."""


def message(message_type: str = "worker.ping", **fields: Any) -> Message:
    """A message of `alice`, made now."""
    return Message(type=message_type, occurred_at=datetime.now(UTC), actor="alice", **fields)


def answer_to(command: Message, payload: dict[str, Any]) -> Message:
    return message(
        command.type, correlation_id=command.correlation_id, causation_id=command.id, payload=payload
    )


class Inbox:
    """A handler that remembers what it was given; `fail` is raised that many times first."""

    def __init__(self, fail: Exception | None = None, times: int = 0) -> None:
        self.messages: list[Message] = []
        self._fail, self._times = fail, times

    def __call__(self, received: Message) -> None:
        self.messages.append(received)
        if self._fail is not None and len(self.messages) <= self._times:
            raise self._fail

    def wait_for(self, count: int) -> list[Message]:
        wait_until(lambda: len(self.messages) >= count, seconds=SOON, what=f"{count} messages received")
        return self.messages


def wait_for_letters(bus: Bus, count: int) -> None:
    wait_until(lambda: len(bus.dead_letters()) >= count, seconds=SOON, what=f"{count} dead letters")


class BusContract:
    """Inherit, and define the fixtures `bus` (fresh and connected) and `put_raw`."""

    def test_a_command_reaches_the_service_it_names_and_no_other(self, bus: Bus) -> None:
        worker, chaos = Inbox(), Inbox()
        bus.subscribe("worker.commands", worker)
        bus.subscribe("chaos.commands", chaos)
        sent = message("worker.ping", payload={"service": "redis"}, traceparent="00-a-b-01")
        bus.publish(sent)
        assert worker.wait_for(1) == [sent]
        assert chaos.messages == []

    def test_an_event_reaches_those_who_subscribed_to_its_kind(self, bus: Bus) -> None:
        remediator = Inbox()
        bus.subscribe("remediator.events", remediator)
        sent = message("service.changed", payload={"service": "redis"})
        bus.publish(message("action.finished"))
        bus.publish(sent)
        assert remediator.wait_for(1) == [sent]

    def test_a_command_published_before_its_consumer_came_waits_for_it(self, bus: Bus) -> None:
        sent = message()
        bus.publish(sent)
        late = Inbox()
        bus.subscribe("worker.commands", late)
        assert late.wait_for(1) == [sent]

    def test_one_senders_messages_arrive_in_order(self, bus: Bus) -> None:
        inbox = Inbox()
        bus.subscribe("worker.commands", inbox)
        sent = [message(payload={"number": number}) for number in range(50)]
        for each in sent:
            bus.publish(each)
        assert inbox.wait_for(50) == sent

    def test_many_threads_publish_at_once_and_each_message_arrives_once(self, bus: Bus) -> None:
        inbox = Inbox()
        bus.subscribe("worker.commands", inbox)
        sent = [[message() for _ in range(25)] for _ in range(8)]

        def publish_all(some: list[Message]) -> None:
            for each in some:
                bus.publish(each)

        threads = [threading.Thread(target=publish_all, args=(some,)) for some in sent]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SOON)
        received = [each.id for each in inbox.wait_for(200)]
        assert sorted(received) == sorted(each.id for some in sent for each in some)

    def test_a_command_for_nobody_raises(self, bus: Bus) -> None:
        with pytest.raises(Unavailable, match=r"rabbitmq.*no queue takes nobody\.ping"):
            bus.publish(message("nobody.ping"))

    def test_a_request_is_answered_by_the_handlers_return(self, bus: Bus) -> None:
        bus.subscribe("worker.commands", lambda command: answer_to(command, {"service": "worker"}))
        command = message()
        reply = bus.request(command, timeout_seconds=SOON)
        assert reply.payload == {"service": "worker"}
        assert (reply.type, reply.causation_id) == ("worker.ping", command.id)
        assert reply.correlation_id == command.correlation_id

    def test_requests_of_many_threads_each_get_their_own_answer(self, bus: Bus) -> None:
        bus.subscribe("worker.commands", lambda command: answer_to(command, command.payload))
        answers: dict[int, Any] = {}

        def ask(number: int) -> None:
            answers[number] = bus.request(message(payload={"number": number}), timeout_seconds=SOON).payload

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SOON)
        assert answers == {number: {"number": number} for number in range(10)}

    def test_a_request_that_nobody_answers_times_out_and_expires_into_the_dead_letters(
        self, bus: Bus
    ) -> None:
        with pytest.raises(TimeoutError, match=r"no answer to worker\.ping"):
            bus.request(message(), timeout_seconds=0.2)
        wait_for_letters(bus, 1)
        letter = bus.dead_letters()[0]
        assert (letter.queue, letter.message_type) == ("worker.commands", "worker.ping")
        assert "expired in the queue" in letter.reason

    def test_a_failing_handler_gets_the_message_again_until_it_succeeds(self, bus: Bus) -> None:
        inbox = Inbox(fail=RuntimeError("postgres is away"), times=2)
        bus.subscribe("worker.commands", inbox)
        sent = message()
        bus.publish(sent)
        assert inbox.wait_for(3) == [sent, sent, sent]
        assert bus.dead_letters() == []

    def test_a_message_that_always_fails_ends_in_the_dead_letters_and_the_next_is_handled(
        self, bus: Bus
    ) -> None:
        inbox = Inbox(fail=RuntimeError("no such runbook"), times=4)
        bus.subscribe("worker.commands", inbox)
        bus.publish(message(payload={"runbook": "restart redis"}))
        wait_for_letters(bus, 1)
        letter = bus.dead_letters()[0]
        assert "failed 4 times" in letter.reason
        assert "RuntimeError: no such runbook" in letter.reason
        assert "restart redis" in letter.body
        assert len(inbox.messages) == 4
        bus.publish(message())
        inbox.wait_for(5)

    def test_a_requester_whose_command_failed_hears_nothing(self, bus: Bus) -> None:
        bus.subscribe("worker.commands", Inbox(fail=StaleCommand("redis has started anew since"), times=9))
        with pytest.raises(TimeoutError):
            bus.request(message(), timeout_seconds=0.3)

    def test_a_stale_command_is_dead_lettered_at_once_with_the_reason(self, bus: Bus) -> None:
        inbox = Inbox(fail=StaleCommand("redis has started anew since"), times=9)
        bus.subscribe("worker.commands", inbox)
        bus.publish(message())
        wait_for_letters(bus, 1)
        assert bus.dead_letters()[0].reason == "redis has started anew since"
        assert len(inbox.messages) == 1

    @pytest.mark.parametrize("body", [b"not json", b"\xff\xfe", b"[]", b'{"type": "worker.ping"}', b""])
    def test_a_malformed_message_is_dead_lettered_and_the_next_is_handled(
        self, bus: Bus, put_raw: PutRaw, body: bytes
    ) -> None:
        inbox = Inbox()
        bus.subscribe("worker.commands", inbox)
        put_raw("worker.commands", body)
        wait_for_letters(bus, 1)
        letter = bus.dead_letters()[0]
        assert letter.queue == "worker.commands"
        assert letter.reason
        assert letter.body == body.decode("utf-8", "replace")
        sent = message()
        bus.publish(sent)
        assert inbox.wait_for(1) == [sent]

    def test_a_command_past_its_expiry_is_never_handled(self, bus: Bus) -> None:
        inbox = Inbox()
        bus.publish(message(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        bus.subscribe("worker.commands", inbox)
        wait_for_letters(bus, 1)
        assert "expired" in bus.dead_letters()[0].reason
        assert inbox.messages == []

    def test_the_same_message_id_is_handled_once(self, bus: Bus) -> None:
        inbox = Inbox()
        bus.subscribe("worker.commands", inbox)
        twice, after = message(), message()
        for each in (twice, twice, after):
            bus.publish(each)
        inbox.wait_for(2)
        assert inbox.messages == [twice, after]

    def test_dead_letters_are_shown_newest_first_and_stay(self, bus: Bus, put_raw: PutRaw) -> None:
        bus.subscribe("worker.commands", Inbox())
        began = datetime.now(UTC) - timedelta(seconds=2)
        for number in range(5):
            put_raw("worker.commands", f"letter {number}".encode())
        wait_for_letters(bus, 5)
        for _ in range(3):
            assert [letter.body for letter in bus.dead_letters(limit=2)] == ["letter 4", "letter 3"]
        assert len(bus.dead_letters()) == 5
        assert all(began <= letter.at <= datetime.now(UTC) for letter in bus.dead_letters())

    def test_closing_finishes_the_message_in_hand(self, bus: Bus) -> None:
        started, finished = threading.Event(), threading.Event()

        def slow(_message: Message) -> None:
            started.set()
            time.sleep(0.3)  # the work itself, not a wait for something
            finished.set()

        bus.subscribe("worker.commands", slow)
        bus.publish(message())
        assert started.wait(SOON)
        bus.close()
        assert finished.is_set()

    def test_closing_takes_less_than_two_seconds_even_with_a_handler_that_hangs(self, bus: Bus) -> None:
        started, release = threading.Event(), threading.Event()

        def hanging(_message: Message) -> None:
            started.set()
            release.wait(SOON)

        bus.subscribe("worker.commands", hanging)
        bus.publish(message())
        assert started.wait(SOON)
        began = time.monotonic()
        bus.close()
        took = time.monotonic() - began
        release.set()
        assert took < 2.1

    def test_a_closed_bus_is_not_connected_and_refuses(self, bus: Bus) -> None:
        assert bus.connected()
        bus.close()
        assert not bus.connected()
        with pytest.raises(Unavailable, match="rabbitmq"):
            bus.publish(message())
