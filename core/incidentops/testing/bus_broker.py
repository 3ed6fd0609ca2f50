"""A real RabbitMQ for tests: one container per session, one virtual host per test."""

import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from incidentops.testing.containers import RunningContainer, own_network, running_container, wait_until

IMAGE = "incidentops/standin-rabbitmq:trixie"
USER = "incidentops"
PASSWORD = "only-for-tests"
AMQP, CONSOLE = 5672, 15672


@dataclass(frozen=True, slots=True)
class Broker:
    """The running broker. `kill`, `start`, `freeze` and `thaw` are on its `container`."""

    container: RunningContainer

    def url(self, vhost: str = "/") -> str:
        host = vhost.replace("/", "%2F")
        return f"amqp://{USER}:{PASSWORD}@127.0.0.1:{self.container.port(AMQP)}/{host}"

    def new_vhost(self) -> str:
        """Make an empty virtual host and return the URL to it."""
        name = uuid4().hex[:12]
        self.ask("PUT", f"/api/vhosts/{name}")
        return self.url(name)

    def drop_vhost(self, url: str) -> None:
        self.ask("DELETE", f"/api/vhosts/{url.rpartition('/')[2]}")

    def wait_until_ready(self) -> None:
        """After `container.start()`: until messages flow again."""
        wait_until(lambda: _answers(self.container), seconds=60, what="the broker is back")

    def ask(self, method: str, path: str) -> object:
        """One call to the management API; its JSON answer, or None when it answers nothing."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.container.port(CONSOLE)}{path}",
            method=method,
            headers={"Authorization": f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None


@contextmanager
def real_broker(name: str = "bus-test", options: Sequence[str] = ()) -> Iterator[Broker]:
    """Run a broker until the block is left; `options` are further words for `docker run`."""
    environment = {"RABBITMQ_DEFAULT_USER": USER, "RABBITMQ_DEFAULT_PASS": PASSWORD}
    with (
        own_network(name) as network,
        running_container(
            IMAGE,
            ready=_answers,
            ports=(AMQP, CONSOLE),
            env=environment,
            options=[f"--network={network}", *options],
            name=f"{name}-rabbitmq",
        ) as container,
    ):
        yield Broker(container)


def _answers(container: RunningContainer) -> bool:
    """The aliveness test declares a queue, publishes and consumes: AMQP works, not only the console."""
    try:
        return Broker(container).ask("GET", "/api/aliveness-test/%2F") == {"status": "ok"}
    except urllib.error.HTTPError as error:
        error.close()
        return False
