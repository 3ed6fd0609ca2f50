"""A service on the bus as a real process against a real broker, and what each of them must do."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.testing.bus_broker import PASSWORD, real_broker
from incidentops.testing.bus_contract import SOON, message, wait_for_letters
from incidentops.testing.containers import free_port, wait_until


@dataclass(frozen=True, slots=True)
class ServiceProcess:
    """The running process and its status page."""

    process: "subprocess.Popen[str]"
    port: int

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of one page, whatever the status."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def ready(self) -> bool:
        return self.get("/health/ready")[0] == 200

    def terminate(self) -> tuple[int, str, float]:
        """SIGTERM: its exit code, what it printed, and the seconds it took. Raises AssertionError with where each of
        its threads stands when it does not end."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            output, _ = self.process.communicate(timeout=SOON)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            raise AssertionError(self.process.communicate()[0]) from None
        return self.process.returncode, output, time.monotonic() - began


@contextmanager
def running_service(name: str, broker_url: str) -> Iterator[ServiceProcess]:
    """Start `python -m incidentops_<name>`, wait until it serves its status page, end it with the block."""
    port = free_port()
    variables = {"INCIDENTOPS_BROKER_URL": broker_url, "INCIDENTOPS_METRICS_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-W", "error", "-m", f"incidentops_{name}"],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    service = ServiceProcess(process, port)
    try:
        wait_until(lambda: service.get("/health")[0] == 200, seconds=SOON, what=f"{name} serves its status")
        yield service
    finally:
        process.kill()
        process.communicate()


class ServiceContract:
    """Inherit, and set `name`."""

    name: str

    @pytest.fixture
    def service(self, broker_url: str) -> Iterator[ServiceProcess]:
        with running_service(self.name, broker_url) as service:
            wait_until(service.ready, seconds=SOON, what=f"{self.name} is ready")
            yield service

    @pytest.fixture
    def bus(self, broker_url: str) -> Iterator[RabbitBus]:
        bus = RabbitBus(broker_url, "test")
        wait_until(bus.connected, seconds=SOON, what="the bus is connected")
        yield bus
        bus.close()

    @pytest.mark.broker
    def test_it_answers_a_ping_over_the_bus(self, service: ServiceProcess, bus: RabbitBus) -> None:
        reply = bus.request(message(f"{self.name}.ping"), timeout_seconds=5)
        assert reply.payload["service"] == self.name
        assert reply.payload["version"]
        assert 0 < reply.payload["uptime_seconds"] < 60
        assert service.process.poll() is None

    @pytest.mark.broker
    def test_an_unknown_command_is_dead_lettered_and_counted(
        self, service: ServiceProcess, bus: RabbitBus
    ) -> None:
        bus.publish(message(f"{self.name}.dance"))
        wait_for_letters(bus, 1)
        assert f"knows no command '{self.name}.dance'" in bus.dead_letters()[0].reason
        status, page = service.get("/metrics")
        assert status == 200
        assert "incidentops_bus_connected 1.0" in page
        labels = f'outcome="dead_lettered",queue="{self.name}.commands",type="unknown"'
        assert f"incidentops_messages_handled_total{{{labels}}} 1.0" in page

    @pytest.mark.broker
    def test_it_ends_within_two_seconds_of_sigterm_having_logged_json_without_secrets(
        self, service: ServiceProcess
    ) -> None:
        code, output, seconds = service.terminate()
        assert code == 0, output
        assert seconds < 2
        lines = [json.loads(line) for line in output.splitlines()]
        assert {line["event"] for line in lines} >= {"started", "stopped", "bus_connected"}
        assert {line["service"] for line in lines} == {self.name}
        assert PASSWORD not in output

    @pytest.mark.broker
    def test_without_the_broker_it_lives_is_not_ready_says_why_and_ends_in_time(self) -> None:
        with real_broker("doomed") as broker, running_service(self.name, broker.new_vhost()) as service:
            wait_until(service.ready, seconds=SOON, what=f"{self.name} is ready")
            broker.container.kill()
            wait_until(lambda: not service.ready(), seconds=SOON, what="not ready")
            status, body = service.get("/health/ready")
            assert status == 503
            assert json.loads(body)["dependencies"] == [{"name": "rabbitmq", "state": "down"}]
            assert service.get("/health")[0] == 200
            code, output, seconds = service.terminate()
            assert (code, seconds < 2) == (0, True), output
