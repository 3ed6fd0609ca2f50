"""What stands on the wire, and what only a real broker does."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.domain.errors import Unavailable
from incidentops.messages.topology import DEAD_LETTER_QUEUE, QUEUES, RETRY_DELAYS_MS
from incidentops.testing.bus_broker import Broker
from incidentops.testing.bus_contract import SOON, Inbox, message, wait_for_letters
from incidentops.testing.containers import wait_until

pytestmark = pytest.mark.broker

CRASHING_CONSUMER = """
import os, sys, threading
from incidentops.adapters.rabbitmq.bus import RabbitBus
while (life := os.fork()):
    os.waitpid(life, 0)
RabbitBus(sys.argv[1], "crashing").subscribe("worker.commands", lambda message: os._exit(7))
threading.Event().wait()
"""
"""Started again as often as it dies; the imports of all its lives are made once."""


@pytest.fixture
def bus(broker_url: str) -> Iterator[RabbitBus]:
    bus = RabbitBus(broker_url, "wire", retry_delays_ms=(20, 40, 60))
    wait_until(bus.connected, seconds=SOON, what="the bus is connected")
    yield bus
    bus.close()


@pytest.fixture
def channel(broker_url: str) -> Iterator[BlockingChannel]:
    with pika.BlockingConnection(pika.URLParameters(broker_url)) as connection:
        yield connection.channel()


def take(channel: BlockingChannel, queue: str) -> tuple[Any, bytes]:
    """The next message of a queue: its properties and body."""
    found: list[Any] = []

    def taken() -> bool:
        method, properties, body = channel.basic_get(queue, auto_ack=True)
        found.extend([(properties, body)] if method else [])
        return bool(found)

    wait_until(taken, seconds=SOON, what=f"a message in {queue}")
    return found[0]


def test_a_message_is_persistent_and_carries_its_id_type_and_trace(bus, channel):
    sent = message(traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    bus.publish(sent)
    properties, body = take(channel, "worker.commands")
    assert body == sent.encode()
    assert (properties.delivery_mode, properties.content_type) == (2, "application/json")
    assert (properties.message_id, properties.type) == (str(sent.id), "worker.ping")
    assert properties.headers["traceparent"] == sent.traceparent


def test_a_dead_letter_carries_reason_queue_and_time(bus, channel):
    bus.subscribe("worker.commands", Inbox())
    channel.basic_publish("", "worker.commands", b"not json")
    properties, body = take(channel, DEAD_LETTER_QUEUE)
    assert body == b"not json"
    assert properties.headers["queue"] == "worker.commands"
    assert "JSON" in properties.headers["reason"]
    assert properties.headers["failed_at"].endswith("+00:00")


def test_every_queue_of_the_topology_is_a_durable_quorum_queue(broker: Broker, broker_url: str):
    bus = RabbitBus(broker_url, "topology")
    wait_until(bus.connected, seconds=SOON, what="the bus is connected")
    rows: Any = broker.ask("GET", f"/api/queues/{broker_url.rpartition('/')[2]}")
    bus.close()
    expected = {*QUEUES, DEAD_LETTER_QUEUE, *(f"retry.{delay}" for delay in RETRY_DELAYS_MS)}
    assert {row["name"] for row in rows} == expected
    assert all(row["type"] == "quorum" and row["durable"] for row in rows)


def test_looking_at_the_dead_letters_many_times_takes_none_away(bus, channel):
    bus.subscribe("worker.commands", Inbox())
    for number in range(10):
        channel.basic_publish("", "worker.commands", f"letter {number}".encode())
    wait_for_letters(bus, 10)
    looks = [[letter.body for letter in bus.dead_letters()] for _ in range(30)]
    assert looks == [[f"letter {number}" for number in reversed(range(10))]] * 30


def test_a_message_that_kills_its_consumer_ends_in_the_dead_letters(bus, broker_url):
    """A poison message: the process dies each time, no handler can refuse it, so the broker must."""
    bus.publish(message(payload={"poison": True}))
    consumer = subprocess.Popen([sys.executable, "-c", CRASHING_CONSUMER, broker_url], start_new_session=True)
    try:
        wait_for_letters(bus, 1)
    finally:
        os.killpg(consumer.pid, signal.SIGKILL)
        consumer.wait()
    letter = bus.dead_letters()[0]
    assert "delivered too often" in letter.reason
    assert (letter.queue, letter.message_type) == ("worker.commands", "worker.ping")


def test_wrong_credentials_are_reported_without_the_password(broker: Broker):
    url = broker.url().replace("only-for-tests", "wrong-secret")
    bus = RabbitBus(url, "intruder")
    try:
        with pytest.raises(Exception, match="rabbitmq") as failure:
            bus.publish(message(), timeout_seconds=1.5)
        assert "ACCESS_REFUSED" in str(failure.value)
        assert "wrong-secret" not in str(failure.value)
    finally:
        bus.close()


def test_messages_handed_in_before_the_connection_stands_are_confirmed_each_by_its_own_confirmation(
    broker_url,
):
    """Sent before the broker counts confirmations, they would shift the tags of all that follow."""
    bus = RabbitBus(broker_url, "eager")
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: bus.publish(message(), timeout_seconds=SOON), range(4)))
        for _ in range(3):
            bus.publish(message())
        with pytest.raises(Unavailable, match="no queue takes"):
            bus.publish(message("nobody.ping"))
    finally:
        bus.close()
