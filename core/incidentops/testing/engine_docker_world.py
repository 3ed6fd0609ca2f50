"""A real Docker engine as a world of the contract."""

import uuid
from collections.abc import Mapping
from typing import Any

from docker import APIClient
from docker.errors import NotFound

from incidentops.adapters.docker import DockerEngine
from incidentops.domain.labels import SERVICE
from incidentops.domain.services import Health
from incidentops.testing.engine_world import Kind, eventually

_MARK = "incidentops.test"
_WAIT = "while :; do sleep 3600 & wait $!; done"
_SHELL = f"""trap 'exit 0' TERM; trap 'exit $(cat /tmp/exit)' USR1; touch /tmp/healthy; echo ready; {_WAIT}"""
_COMMANDS = {
    Kind.STUBBORN: ["sh", "-c", f"trap '' TERM; echo ready; {_WAIT}"],
    Kind.REDIS: ["python3", "-u", "/actor.py", "redis"],
    Kind.SILENT: ["python3", "-u", "/actor.py", "silent"],
}
_QUARTER_SECOND = 250_000_000
_CHECK = {"test": ["CMD-SHELL", "test -e /tmp/healthy"], "interval": _QUARTER_SECOND, "retries": 1}


class DockerWorld:
    """Containers of `image` on the engine at `url`; `close` removes them all.

    `image` needs a shell, python3 and /actor.py (core/tests/engine/Dockerfile).
    """

    def __init__(self, url: str, image: str, *, network_mode: str = "bridge") -> None:
        self.engine = DockerEngine(url, project="incidentops-test", probe_image=image)
        self.client = APIClient(base_url=url, version="1.45", timeout=60)
        self._image = image
        self._network_mode = network_mode
        self._mark = uuid.uuid4().hex[:8]

    def create(self, name: str, kind: Kind = Kind.OBEDIENT, labels: Mapping[str, str] | None = None) -> str:
        created: dict[str, Any] = self.client.create_container(
            self._image,
            _COMMANDS.get(kind, ["sh", "-c", _SHELL]),
            name=f"engine-test-{self._mark}-{uuid.uuid4().hex[:4]}-{name}",
            labels={_MARK: self._mark, **({SERVICE: name} if labels is None else labels)},
            environment={"POSTGRES_PASSWORD": "hunter2"},
            tty=kind is Kind.TERMINAL,
            healthcheck=_CHECK if kind is Kind.CHECKED else None,
            host_config=self.client.create_host_config(network_mode=self._network_mode),
        )
        return str(created["Id"])

    def run(self, name: str, kind: Kind = Kind.OBEDIENT, labels: Mapping[str, str] | None = None) -> str:
        container_id = self.create(name, kind, labels)
        self.client.start(container_id)
        eventually(lambda: bool(self.client.logs(container_id)), f"{name} says that it is ready")
        if kind is Kind.CHECKED:
            eventually(lambda: self.engine.inspect(container_id).health is Health.HEALTHY)
        return container_id

    def die(self, container_id: str, exit_code: int) -> None:
        self.execute(container_id, f"echo {exit_code} > /tmp/exit; kill -USR1 1")

    def say(self, container_id: str, text: str, stream: str = "stdout") -> None:
        number = {"stdout": 1, "stderr": 2}[stream]
        self.execute(container_id, f"echo '{text}' > /proc/1/fd/{number}")

    def sicken(self, container_id: str) -> None:
        self.execute(container_id, "rm /tmp/healthy")

    def remove(self, container_id: str) -> None:
        self.client.remove_container(container_id, force=True)

    def execute(self, container_id: str, script: str) -> None:
        """Run a shell script in the container and wait for its end."""
        run = self.client.exec_create(container_id, ["sh", "-c", script])
        self.client.exec_start(run["Id"])

    def close(self) -> None:
        """Remove every container of this world."""
        for item in self.client.containers(all=True, filters={"label": f"{_MARK}={self._mark}"}):
            try:
                self.client.remove_container(item["Id"], force=True)
            except NotFound:
                continue
        self.client.close()
        self.engine.close()
