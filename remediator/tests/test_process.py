"""The service as a process of its own against a real RabbitMQ."""

import pytest

from incidentops.testing.bus_contract import SOON, message
from incidentops.testing.bus_service import ServiceContract
from incidentops.testing.containers import wait_until


class TestRemediatorProcess(ServiceContract):
    name = "remediator"

    @pytest.mark.broker
    def test_it_takes_the_events_of_services_off_their_queue(self, service, bus):
        bus.publish(
            message("service.changed", payload={"service": "redis", "status": "DOWN", "state": "exited"})
        )
        counted = 'queue="remediator.events",type="service.changed"} 1.0'
        wait_until(lambda: counted in service.get("/metrics")[1], seconds=SOON, what="the event is handled")
