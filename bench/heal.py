"""SIGKILL of a service's process until it answers again, in recovery mode `auto`, against `restart: always`."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import docker
from docker.models.containers import Container

from bench.containers import IMAGE
from bench.figures import Figure, median

ROUNDS = 8
ASK_SECONDS = 0.02
"""A connection to a port whose container is being torn down hangs: asking must not outlast the return."""

SETTLED_SECONDS = 10.5
"""After ten seconds of running both Docker and we begin with the shortest pause again."""

_SERVER = (
    "use Socket; $SIG{TERM} = sub { exit 0 }; socket(S, PF_INET, SOCK_STREAM, 0);"
    "setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, sockaddr_in(9000, INADDR_ANY)); listen(S, 16);"
    "while (accept(C, S)) { syswrite(C, 'PONG'); close(C) }"
)
_COMMAND = ["perl", "-e", _SERVER]
_HEALED = {
    "incidentops.service": "heal",
    "incidentops.recovery": "auto",
    "incidentops.probe": "tcp://:9000",
    "com.docker.compose.project": "bench",
}


@dataclass(slots=True)
class Victim:
    """A container that answers on a port of the loopback, and how long each of its returns took."""

    container: Container
    port: int
    milliseconds: list[float] = field(default_factory=list)

    def kill(self) -> None:
        """SIGKILL to its first process, as the kernel would (a `docker kill` is never undone by a policy)."""
        self.container.reload()
        begin = time.perf_counter()
        os.kill(self.container.attrs["State"]["Pid"], signal.SIGKILL)
        while self._answers():
            pass  # the signal has not arrived yet
        self.wait()
        self.milliseconds.append((time.perf_counter() - begin) * 1000)

    def wait(self, seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.container.name} does not answer")
            time.sleep(0.002)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), ASK_SECONDS) as connection:
                return connection.recv(4) == b"PONG"
        except OSError:
            return False


def measure() -> list[Figure]:
    """Medians over some rounds, one victim after the other, each running ten seconds before its next death."""
    client = docker.from_env()
    with ExitStack() as stack:
        ours = stack.enter_context(_victim(client, "heal", labels=_HEALED))
        docker_s = stack.enter_context(_victim(client, "always", restart_policy={"Name": "always"}))
        for _ in range(ROUNDS):
            time.sleep(SETTLED_SECONDS)
            ours.kill()
            docker_s.kill()
    peer = median(docker_s.milliseconds)
    return [
        Figure("healing in auto mode over restart: always", "times", median(ours.milliseconds) / peer, 1.0, 1.25),
        Figure("SIGKILL until it answers in auto mode, median", "ms", median(ours.milliseconds), peer, None),
        Figure("SIGKILL until it answers in auto mode, worst", "ms", max(ours.milliseconds),
               max(docker_s.milliseconds), None),
    ]  # fmt: skip


@contextmanager
def _victim(client: docker.DockerClient, name: str, **options: object) -> Iterator[Victim]:
    port = _free_port()
    container = client.containers.run(
        IMAGE, _COMMAND, name=f"bench-{name}", detach=True, mem_limit="32m",
        ports={"9000/tcp": ("127.0.0.1", port)}, **options,
    )  # fmt: skip
    try:
        victim = Victim(container, port)
        victim.wait()
        yield victim
    finally:
        container.remove(force=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
