"""The bus contract on a real RabbitMQ."""

from collections.abc import Iterator

import pika
import pytest

from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.testing.bus_contract import SOON, BusContract, PutRaw
from incidentops.testing.containers import wait_until

pytestmark = pytest.mark.broker


class TestRabbitBus(BusContract):
    @pytest.fixture
    def bus(self, broker_url: str) -> Iterator[RabbitBus]:
        bus = RabbitBus(broker_url, "contract", retry_delays_ms=(20, 40, 60))
        wait_until(bus.connected, seconds=SOON, what="the bus is connected")
        yield bus
        bus.close()

    @pytest.fixture
    def put_raw(self, broker_url: str) -> Iterator[PutRaw]:
        with pika.BlockingConnection(pika.URLParameters(broker_url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            yield lambda queue, body: channel.basic_publish("", queue, body, mandatory=True)
