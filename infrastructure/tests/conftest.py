"""The compose configuration, and the stack's own service definitions running under another project name."""

import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infrastructure.bring_up import env_file
from infrastructure.bring_up.commands import run

ROOT = Path(__file__).resolve().parents[2]
WITHOUT_BACKEND = ("postgres", "redis", "rabbitmq", "prometheus", "frontend")
UNPUBLISHED = """
services:
  frontend: { restart: "no", ports: !override ["127.0.0.1::8080"] }
  rabbitmq: { ports: !override ["127.0.0.1::15672"] }
  prometheus: { ports: !override ["127.0.0.1::9090"] }
"""


def configuration(*files: str) -> dict[str, Any]:
    """The compose files as compose understands them, without any .env."""
    options = [option for file in files for option in ("--file", file)]
    text = run(
        "docker", "compose", "--env-file", "/dev/null", *options, "config", "--format", "json",
        folder=ROOT, environment={"COMPOSE_FILE": "", "SSL_CERT_FILE": ""},
    )  # fmt: skip
    parsed: dict[str, Any] = json.loads(text)
    return parsed


@pytest.fixture(scope="session")
def official() -> dict[str, Any]:
    """docker-compose.yml alone."""
    return configuration("docker-compose.yml")


@pytest.fixture(scope="session")
def on_stand_ins() -> dict[str, Any]:
    """docker-compose.yml with the stand-ins laid over it."""
    return configuration("docker-compose.yml", "docker-compose.standins.yml")


class Project:
    """The services that need no backend, running beside the real stack on ports of the engine's choice."""

    def __init__(self, name: str, override: Path) -> None:
        self.name = name
        files = env_file.effective(ROOT / ".env", "COMPOSE_FILE", "docker-compose.yml").split(":")
        self._files = [option for file in (*files, str(override)) for option in ("--file", file)]

    def compose(self, *arguments: str, stdin: str | None = None) -> str:
        """Run `docker compose` on this project."""
        command = ("docker", "compose", "--project-name", self.name, *self._files, *arguments)
        return run(*command, folder=ROOT, stdin=stdin, timeout=100)

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of the service's container."""
        container = self.compose("ps", "--all", "--quiet", service).strip()
        found: dict[str, Any] = json.loads(run("docker", "inspect", container))[0]
        return found

    def url(self, service: str, port: int) -> str:
        """Where the service's port is published."""
        return f"http://{self.compose('port', service, str(port)).strip()}"


@pytest.fixture(scope="package")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A running Project; all its containers are healthy. It needs the images that `make up` builds.

    It ends with this folder's tests: to the browser tests after them, it would be a foreign project with a redis.
    """
    override = tmp_path_factory.mktemp("compose") / "override.yml"
    override.write_text(UNPUBLISHED, encoding="utf-8")
    started = Project(f"infra-{uuid.uuid4().hex[:8]}", override)
    try:
        started.compose("up", "--detach", "--no-build", "--no-deps", "--wait", *WITHOUT_BACKEND)
        yield started
    finally:
        started.compose("down", "--volumes", "--timeout", "0")


@pytest.fixture
def dead_pid() -> int:
    """The pid of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid
