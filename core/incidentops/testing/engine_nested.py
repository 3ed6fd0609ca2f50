"""A second Docker engine of our own, to be killed, hung and started again under whoever uses it.

It is a `dockerd` process with its own data, sockets and containerd; it needs root and Debian's docker.io,
and has no networks (containers run with network mode `none` or `host`).
"""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from docker import APIClient

from incidentops.adapters.docker.connection import EngineConnection
from incidentops.domain.errors import IncidentOpsError
from incidentops.testing.containers import free_port
from incidentops.testing.engine_world import eventually

_START_SECONDS = 30.0
_STOP_SECONDS = 30.0


class NestedEngine:
    """One engine on a unix socket (`url`) and a TCP port of 127.0.0.1 (`tcp_url`), not yet started."""

    def __init__(self) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="nested-engine-"))
        self._socket = self._root / "engine.sock"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"
        self._connection = EngineConnection(self.url)
        self.tcp_url = f"tcp://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start and wait until it answers. Raises AssertionError with the end of its log."""
        with (self._root / "engine.log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, start_new_session=True)
        try:
            eventually(self.answers, "the nested engine answers", _START_SECONDS)
        except AssertionError as error:
            raise AssertionError((self._root / "engine.log").read_text()[-2000:]) from error

    def answers(self) -> bool:
        """Whether it answers a ping."""
        try:
            self._connection.ping()
        except IncidentOpsError:
            return False
        return True

    def load(self, image: str, source_url: str) -> None:
        """Copy an image from another engine."""
        save = ["docker", "-H", source_url, "save", image]
        with subprocess.Popen(save, stdout=subprocess.PIPE) as saving:
            subprocess.run(["docker", "-H", self.url, "load", "--quiet"], stdin=saving.stdout, check=True)
        assert saving.returncode == 0

    def kill(self) -> None:
        """SIGKILL: gone at once. Its containers go on until the engine is started again, which ends them."""
        self._signal(signal.SIGKILL)
        self._wait()
        # Its containerd dies with it; where nobody reaps that, the next engine takes the zombie for alive and
        # waits 10 s for it.
        (self._root / "exec/containerd/containerd.pid").unlink(missing_ok=True)

    def hang(self) -> None:
        """SIGSTOP: the sockets accept, nobody answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT after `hang`."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """End the engine, its containers and its containerd, and delete its data."""
        if self._process is None or self._process.poll() is not None:
            self.start()  # only a living engine ends what a killed one left behind
        self.resume()
        with APIClient(base_url=self.url, version="1.45", timeout=60) as client:
            for item in client.containers(all=True):
                client.remove_container(item["Id"], force=True)
        self._signal(signal.SIGTERM)
        self._wait()
        self._unmount()
        self._connection.close()
        shutil.rmtree(self._root)

    def _command(self) -> list[str]:
        return [
            "dockerd",
            f"--data-root={self._root / 'data'}",
            f"--exec-root={self._root / 'exec'}",
            f"--pidfile={self._root / 'engine.pid'}",
            f"--host={self.url}",
            f"--host={self.tcp_url}",
            "--tls=false",
            "--bridge=docker0",  # with none it would delete the host engine's docker0
            "--iptables=false",
            "--ip6tables=false",
            "--ip-masq=false",
        ]

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, "the nested engine was never started"
        self._process.send_signal(number)

    def _wait(self) -> None:
        assert self._process is not None
        self._process.wait(_STOP_SECONDS)

    def _unmount(self) -> None:
        """A killed engine leaves its data folder mounted on itself."""
        mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        for mount in reversed([item for item in mounts if item.startswith(str(self._root))]):
            subprocess.run(["umount", mount], check=True)
