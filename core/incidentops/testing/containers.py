"""Real containers for tests: started, waited for, and certainly removed.

Everything goes through the `docker` command, so that tests need no library. Ports are chosen here and
published on 127.0.0.1 only; they stay the same when a test kills and starts the container again.
"""

import json
import os
import random
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

OWNER_LABEL = "incidentops.test-owner"
"""Carries `<host>/<pid>` of the test run a container belongs to, so that the next run can clear leftovers."""

NETWORK_LABEL = "incidentops.test-network"

_PORTS = range(20_000, 32_000)
"""Below those that the kernel gives to outgoing connections. From one of those, a client that keeps asking for a killed
server would now and then get the server's own port, be connected to itself, and keep the server from coming back."""


class EngineMissing(AssertionError):
    """The engine or an image is not there. Tests that need it fail; they are never skipped."""


@dataclass(frozen=True, slots=True)
class RunningContainer:
    """A started container: its id, its name, and the host port behind each of its published ports."""

    id: str
    name: str
    ports: Mapping[int, int]

    def port(self, inside: int) -> int:
        """The port on 127.0.0.1 that leads to `inside`."""
        return self.ports[inside]

    def kill(self) -> None:
        """SIGKILL every process in it; `start` brings it back with its data and ports."""
        docker("kill", "--signal", "KILL", self.id)

    def start(self) -> None:
        docker("start", self.id)

    def freeze(self) -> None:
        """Stop every process where it stands, as SIGSTOP does: sockets stay open, nothing answers. A busy kernel may
        need more than one try ("unable to freeze")."""
        wait_until(lambda: bool(docker("pause", self.id)), seconds=60, what=f"{self.name} is frozen")

    def thaw(self) -> None:
        docker("unpause", self.id)

    def execute(self, *command: str) -> str:
        """Run a command inside and return what it printed."""
        return docker("exec", self.id, *command)

    def logs(self) -> str:
        """The last 50 lines it printed, both streams."""
        result = subprocess.run(
            ["docker", "logs", "--tail", "50", self.id], capture_output=True, text=True, check=False
        )
        return result.stdout + result.stderr

    def running(self) -> bool:
        state: dict[str, object] = json.loads(docker("inspect", "--format", "{{json .State}}", self.id))
        return state["Running"] is True


Ready = Callable[[RunningContainer], bool]
"""Whether the container can be used yet; OSError and EngineMissing (a failed `execute`) mean "not yet"."""


@contextmanager
def running_container(
    image: str,
    *,
    ready: Ready,
    ports: Sequence[int] = (),
    env: Mapping[str, str] | None = None,
    command: Sequence[str] = (),
    options: Sequence[str] = (),
    ready_seconds: float = 60.0,
    name: str = "incidentops-test",
) -> Iterator[RunningContainer]:
    """Run `image` until the block is left, then remove it with its anonymous volumes.

    `ports` are the container's ports to publish, `options` further words for `docker run` (`--network=…`),
    `name` the beginning of a unique name. `ready` must speak the program's own protocol: the engine's port
    forwarding accepts connections before the program does.
    Raises EngineMissing without an engine or image, TimeoutError with the container's log when it is not
    ready after `ready_seconds`.
    """
    _remove_leftovers()
    chosen = {inside: free_port() for inside in ports}
    full_name = f"{name}-{uuid4().hex[:8]}"
    try:
        container_id = docker(*_run_words(full_name, chosen, env or {}, options), image, *command)
        container = RunningContainer(container_id, full_name, chosen)
        _wait_until_ready(container, ready, ready_seconds)
        yield container
    finally:
        subprocess.run(["docker", "rm", "-fv", full_name], capture_output=True, check=False)


@contextmanager
def own_network(name: str) -> Iterator[str]:
    """A network of the test's own until the block is left: the engine's default bridge may be switched off,
    and tests of the engine itself may disturb it. Yields its name."""
    network = f"{name}-{uuid4().hex[:8]}"
    docker("network", "prune", "--force", f"--filter=label={NETWORK_LABEL}", "--filter=until=10m")
    docker("network", "create", f"--label={NETWORK_LABEL}", network)
    try:
        yield network
    finally:
        docker("network", "rm", network)


def docker(*words: str) -> str:
    """Run one `docker` command and return its output, stripped. Raises EngineMissing with its complaint."""
    try:
        result = subprocess.run(["docker", *words], capture_output=True, text=True, check=False, timeout=120)
    except FileNotFoundError as error:
        raise EngineMissing("the docker command is not installed") from error
    if result.returncode != 0:
        raise EngineMissing(f"docker {words[0]}: {result.stderr.strip()}")
    return result.stdout.strip()


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Poll until the condition holds; OSError and EngineMissing mean "not yet". Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not _holds(condition):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except (OSError, EngineMissing):
        return False


def _run_words(
    name: str, ports: Mapping[int, int], env: Mapping[str, str], options: Sequence[str]
) -> list[str]:
    published = [f"--publish=127.0.0.1:{outside}:{inside}" for inside, outside in ports.items()]
    variables = [f"--env={key}={value}" for key, value in env.items()]
    return [
        "run", "--detach", "--pull=never", f"--name={name}", f"--label={OWNER_LABEL}={_owner(os.getpid())}",
        *published, *variables, *options,
    ]  # fmt: skip


def _wait_until_ready(container: RunningContainer, ready: Ready, seconds: float) -> None:
    def settled() -> bool:
        return _holds(lambda: ready(container)) or not container.running()

    try:
        wait_until(settled, seconds=seconds, what=f"{container.name} is ready")
    except TimeoutError as error:
        raise TimeoutError(f"{error}\n{container.logs()}") from error
    if not container.running():
        raise EngineMissing(f"{container.name} ended at once:\n{container.logs()}")


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on now, and that no outgoing connection is given."""
    while True:
        port = random.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _owner(pid: int) -> str:
    return f"{socket.gethostname()}/{pid}"


def _remove_leftovers() -> None:
    """Remove containers of earlier runs on this host whose process was killed before it could clean up."""
    listing = docker("ps", "-a", "--filter", f"label={OWNER_LABEL}", "--format", "{{json .}}")
    for line in listing.splitlines():
        row = json.loads(line)
        labels = dict(label.partition("=")[::2] for label in row["Labels"].split(","))
        host, _, pid = labels.get(OWNER_LABEL, "").partition("/")
        if host == socket.gethostname() and pid.isdigit() and not _alive(int(pid)):
            subprocess.run(["docker", "rm", "-fv", row["ID"]], capture_output=True, check=False)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
