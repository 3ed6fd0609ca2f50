"""pytest fixtures of the real broker, registered once for all members in the root conftest.py."""

from collections.abc import Iterator

import pytest

from incidentops.testing.bus_broker import Broker, real_broker


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """One RabbitMQ for the whole session."""
    with real_broker() as running:
        yield running


@pytest.fixture
def broker_url(broker: Broker) -> Iterator[str]:
    """The URL of a fresh virtual host of the session's broker."""
    url = broker.new_vhost()
    yield url
    broker.drop_vhost(url)
