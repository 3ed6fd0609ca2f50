"""The service as a process of its own against a real RabbitMQ."""

from incidentops.testing.bus_service import ServiceContract


class TestWorkerProcess(ServiceContract):
    name = "worker"
