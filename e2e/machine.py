"""A machine of its own for the whole stack, with an engine that a test may kill, freeze and stop.

It is a privileged container with its own dockerd. The images are those of `make up`, carried over and not built again.
"""

import subprocess
import time
import uuid
from pathlib import Path

from incidentops.adapters.docker.connection import EngineConnection
from incidentops.domain.errors import IncidentOpsError
from infrastructure.bring_up import base_image, env_file
from infrastructure.bring_up.commands import run

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = "/etc/host-ca.pem"
NEEDS = "docker.io docker-cli docker-compose iptables socat ca-certificates"
API_PORT = 18000
START_SECONDS = 60.0
_PID_FILES = "/var/run/docker.pid /var/run/docker/containerd/containerd.pid"


class Machine:
    """`folder` (of the host, short) holds the socket of the engine inside."""

    def __init__(self, folder: Path) -> None:
        self.name = f"e2e-machine-{uuid.uuid4().hex[:8]}"
        self.engine_url = f"unix://{folder}/docker.sock"
        self._folder = folder
        self._connection = EngineConnection(self.engine_url)

    def create(self, bundle: str = "") -> None:
        """Boot it and install an engine. `bundle`: a CA bundle of the host that apt needs, if any."""
        trust = ("--volume", f"{bundle}:{BUNDLE}:ro", "--env", f"SSL_CERT_FILE={BUNDLE}") if bundle else ()
        image = env_file.effective(ROOT / ".env", "BASE_IMAGE", base_image.BASE_IMAGE)
        run(
            "docker", "run", "--detach", "--init", "--name", self.name, "--privileged",
            "--publish", f"127.0.0.1::{API_PORT}", "--volume", "/var/lib/docker",
            "--volume", f"{self._folder}:/run/host", "--volume", f"{ROOT}:/source:ro",
            *trust, image, "sleep", "infinity",
        )  # fmt: skip
        self.do(f"apt-get update -q && apt-get install -y -q --no-install-recommends {NEEDS}")

    def api(self) -> str:
        """Where the host reaches the API, which inside is published on the loopback only."""
        forward = f"TCP-LISTEN:{API_PORT},fork,reuseaddr TCP:127.0.0.1:8000"
        run("docker", "exec", "--detach", self.name, "sh", "-c", f"exec socat {forward}")
        address = run("docker", "port", self.name, f"{API_PORT}/tcp").strip()
        return f"http://localhost:{address.rpartition(':')[2]}"

    def bring_up(self) -> None:
        """The whole stack on the images that the host's engine holds."""
        images = self._host_compose("config", "--images").split()
        with subprocess.Popen(["docker", "save", *images], stdout=subprocess.PIPE) as saving:
            load = ["docker", "--host", self.engine_url, "load", "--quiet"]
            subprocess.run(load, stdin=saving.stdout, check=True, capture_output=True)
        assert saving.returncode == 0
        self.do("cd /source && DOCKER_GID=0 docker compose up --detach --no-build --quiet-pull")

    def start_engine(self) -> None:
        """Start it and wait until it answers. Raises AssertionError with the end of its log."""
        hosts = "--host unix:///var/run/docker.sock --host unix:///run/host/docker.sock"
        command = f"rm -f {_PID_FILES}; exec dockerd --group root {hosts} >>/var/log/dockerd.log 2>&1"
        run("docker", "exec", "--detach", self.name, "sh", "-c", command)
        deadline = time.monotonic() + START_SECONDS
        while not self.engine_answers():
            assert time.monotonic() < deadline, self.do("tail -n 20 /var/log/dockerd.log")
            time.sleep(0.1)

    def engine_answers(self) -> bool:
        """Whether it answers a ping."""
        try:
            self._connection.ping()
        except IncidentOpsError:
            return False
        return True

    def signal_engine(self, name: str) -> None:
        """`KILL`, `STOP`, `CONT` or `TERM` to the engine's own process."""
        self.do(f"kill -{name} $(cat /var/run/docker.pid)")

    def wait_for_the_engine_s_end(self, seconds: float = 30.0) -> None:
        """Until its process is gone."""
        deadline = time.monotonic() + seconds
        while "alive" in self.do("kill -0 $(cat /var/run/docker.pid) 2>/dev/null && echo alive || true"):
            assert time.monotonic() < deadline, "the engine does not end"
            time.sleep(0.1)

    def remove(self) -> None:
        """It and everything in it."""
        self._connection.close()
        run("docker", "rm", "--force", "--volumes", self.name)

    def do(self, command: str) -> str:
        """A shell command on the machine; its output. Raises CommandError."""
        return run("docker", "exec", self.name, "sh", "-c", command, timeout=300)

    def _host_compose(self, *arguments: str) -> str:
        return run("docker", "compose", *arguments, folder=ROOT)
