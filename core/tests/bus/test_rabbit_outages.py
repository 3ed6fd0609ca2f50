"""RabbitMQ killed, hung or blocked under publishers and consumers. The broker is this module's own."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.domain.errors import Unavailable
from incidentops.testing.bus_broker import Broker, real_broker
from incidentops.testing.bus_contract import Inbox, message
from incidentops.testing.containers import wait_until
from incidentops.testing.promptness import fastest

pytestmark = pytest.mark.broker
RETURN_SECONDS = 60.0


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    """A broker that was killed is not handed on: deleting a virtual host soon after can leave its dead
    lettering broken for every later one."""
    with real_broker("outages") as running:
        yield running


@pytest.fixture
def broker_url(broker: Broker) -> str:
    """A fresh virtual host, which goes with its broker."""
    return broker.new_vhost()


@pytest.fixture
def bus(broker_url: str) -> Iterator[RabbitBus]:
    bus = RabbitBus(broker_url, "outages", retry_delays_ms=(20, 40, 60))
    wait_until(bus.connected, seconds=RETURN_SECONDS, what="the bus is connected")
    yield bus
    bus.close()


class Load:
    """Threads that publish without pause and remember what was confirmed."""

    def __init__(self, bus: RabbitBus) -> None:
        self.confirmed: set[UUID] = set()
        self._bus = bus
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._publish) for _ in range(4)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, count: int) -> None:
        goal = len(self.confirmed) + count
        wait_until(lambda: len(self.confirmed) >= goal, seconds=RETURN_SECONDS, what=f"{goal} confirmed")

    def _publish(self) -> None:
        while not self._stop.is_set():
            sent = message()
            try:
                self._bus.publish(sent)
            except Unavailable:
                continue
            self.confirmed.add(sent.id)


def wait_until_received(inbox: Inbox, load: Load) -> None:
    def complete() -> bool:
        return load.confirmed <= {received.id for received in tuple(inbox.messages)}

    wait_until(complete, seconds=RETURN_SECONDS, what="every confirmed message is received")


def test_a_broker_killed_and_restarted_under_load_loses_nothing_it_had_confirmed(bus, broker: Broker):
    inbox = Inbox()
    bus.subscribe("worker.commands", inbox)
    with Load(bus) as load:
        load.wait_for_more(200)
        broker.container.kill()
        wait_until(lambda: not bus.connected(), seconds=RETURN_SECONDS, what="the loss is noticed")
        broker.container.start()
        load.wait_for_more(200)
    wait_until_received(inbox, load)


def test_a_hung_broker_makes_publishing_fail_in_time_and_recovers_when_it_continues(bus, broker: Broker):
    inbox = Inbox()
    bus.subscribe("worker.commands", inbox)
    with Load(bus) as load:
        load.wait_for_more(200)
        broker.container.freeze()
        try:
            for _ in range(3):
                assert fastest(lambda: _refused_after(bus), 0.65) < 0.65
            assert not bus.connected()
        finally:
            broker.container.thaw()
        load.wait_for_more(200)
        assert bus.connected()
    wait_until_received(inbox, load)


def test_what_was_refused_while_the_broker_hung_does_not_pour_in_afterwards(bus, broker: Broker):
    """One message may be on its way when the broker hangs; the others are withdrawn, never sent."""
    inbox = Inbox()
    bus.subscribe("worker.commands", inbox)
    refused = [message(payload={"number": number}) for number in range(5)]
    broker.container.freeze()
    try:
        for each in refused:
            with pytest.raises(Unavailable):
                bus.publish(each)
    finally:
        broker.container.thaw()
    after = message()
    wait_until(bus.connected, seconds=RETURN_SECONDS, what="the bus is connected")
    bus.publish(after)
    wait_until(lambda: after in inbox.messages, seconds=RETURN_SECONDS, what="the next message")
    assert inbox.messages == [refused[0], after]


def test_requests_and_dead_letters_say_that_a_hung_broker_is_not_available(bus, broker: Broker):
    broker.container.freeze()
    try:
        with pytest.raises(Unavailable, match="rabbitmq"):
            bus.request(message(), timeout_seconds=5)
        began = time.monotonic()
        with pytest.raises(Unavailable, match="rabbitmq"):
            bus.dead_letters()
        assert time.monotonic() - began < 2.5
    finally:
        broker.container.thaw()
    wait_until(lambda: _shows_dead_letters(bus), seconds=RETURN_SECONDS, what="dead letters are shown again")


def test_a_bus_closes_in_time_while_the_broker_hangs(bus, broker: Broker):
    bus.subscribe("worker.commands", Inbox())
    wait_until(bus.connected, seconds=RETURN_SECONDS, what="the consumer is connected")
    broker.container.freeze()
    try:
        began = time.monotonic()
        bus.close()
        assert time.monotonic() - began < 2.1
    finally:
        broker.container.thaw()


def test_a_broker_that_blocks_publishers_is_named_as_the_reason(bus, broker: Broker):
    broker.container.execute("rabbitmqctl", "set_vm_memory_high_watermark", "0.00000001")
    try:
        with pytest.raises(Unavailable, match="blocked publishers"):
            bus.publish(message())
        assert not bus.connected()
    finally:
        broker.container.execute("rabbitmqctl", "set_vm_memory_high_watermark", "0.6")
    wait_until(bus.connected, seconds=RETURN_SECONDS, what="the alarm is over")
    bus.publish(message())


def test_constructing_needs_no_broker_and_the_bus_comes_to_life_with_it(broker: Broker, broker_url: str):
    broker.container.kill()
    began = time.monotonic()
    bus = RabbitBus(broker_url, "early")
    inbox = Inbox()
    bus.subscribe("worker.commands", inbox)
    assert time.monotonic() - began < 0.2
    try:
        with pytest.raises(Unavailable, match=r"refused|reset|EOF|not connected yet"):
            bus.publish(message())
        broker.container.start()
        wait_until(bus.connected, seconds=RETURN_SECONDS, what="the bus is connected")
        sent = message()
        bus.publish(sent)
        assert inbox.wait_for(1) == [sent]
    finally:
        bus.close()


def test_many_threads_publishing_to_a_dead_broker_all_fail_in_time(broker: Broker, broker_url: str):
    broker.container.freeze()
    bus = RabbitBus(broker_url, "crowd")
    try:
        began = time.monotonic()
        with ThreadPoolExecutor(20) as pool:
            failures = list(pool.map(lambda _: _failure_of_publishing(bus), range(20)))
        assert all(isinstance(failure, Unavailable) for failure in failures)
        assert time.monotonic() - began < 1.0
    finally:
        broker.container.thaw()
        bus.close()


def _refused_after(bus: RabbitBus) -> float:
    """Seconds until publishing gave up."""
    began = time.monotonic()
    with pytest.raises(Unavailable, match="rabbitmq"):
        bus.publish(message())
    return time.monotonic() - began


def _shows_dead_letters(bus: RabbitBus) -> bool:
    try:
        return isinstance(bus.dead_letters(), list)
    except Unavailable:
        return False


def _failure_of_publishing(bus: RabbitBus) -> Exception | None:
    try:
        bus.publish(message())
    except Unavailable as error:
        return error
    return None
