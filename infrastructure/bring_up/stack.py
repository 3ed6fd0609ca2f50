"""The compose project: its configuration, its containers, its end."""

import json
from pathlib import Path
from typing import Any

from infrastructure.bring_up import env_file
from infrastructure.bring_up.commands import CommandError, run
from infrastructure.bring_up.setup_error import SetupError

OWN_LABEL = "incidentops.owner=incidentops"
# Compose labels images with the project too, and so whatever runs from them: its own containers also have a number.
NUMBERED = "label=com.docker.compose.container-number"
OWN_IMAGES = "incidentops/*"
STAND_INS = "docker-compose.yml:docker-compose.standins.yml"
HEALTHY_SECONDS = 120
EXECUTE_SECONDS = 30.0


class Stack:
    """Docker Compose on the project in `root`."""

    project = "incidentops"

    def __init__(self, root: Path) -> None:
        """`root` is the folder with docker-compose.yml and .env."""
        self.root = root
        self.env_path = root / ".env"

    def compose(self, *arguments: str) -> str:
        """Run `docker compose …` in the project's folder. Raises CommandError."""
        return run("docker", "compose", *arguments, folder=self.root)

    def execute(self, service: str, *command: str, stdin: str) -> str:
        """Run a command in the container of `service`. Raises CommandError, also after half a minute."""
        arguments = ("docker", "compose", "exec", "-T", service, *command)
        return run(*arguments, folder=self.root, stdin=stdin, timeout=EXECUTE_SECONDS)

    def configuration(self) -> dict[str, Any]:
        """The compose files as compose understands them now (its JSON, with `services`, `volumes`, …)."""
        configuration: dict[str, Any] = json.loads(self.compose("config", "--format", "json"))
        return configuration

    @property
    def on_stand_ins(self) -> bool:
        """Whether COMPOSE_FILE chooses the images built from Debian packages."""
        return "standins" in env_file.effective(self.env_path, "COMPOSE_FILE")

    def left_out(self) -> list[str]:
        """The services of the files that the compose files in use keep behind a profile, by name."""
        everything = self.compose("--profile", "*", "config", "--services").split()
        return sorted(set(everything) - set(self.configuration()["services"]))

    def published_ports(self) -> list[int]:
        """The ports of the host that the stack publishes."""
        services = self.configuration()["services"].values()
        return [int(port["published"]) for service in services for port in service.get("ports", [])]

    def other_clones(self) -> list[str]:
        """The folders of other clones whose containers carry our project's name now."""
        folder = '{{.Label "com.docker.compose.project.working_dir"}}'
        ours = ("--filter", f"label=com.docker.compose.project={self.project}")
        folders = run("docker", "ps", *ours, "--filter", NUMBERED, "--format", folder).split("\n")
        return sorted({name for name in folders if name and Path(name) != self.root})

    def build(self, *services: str) -> None:
        """Build the images of `services` (all when none is named). Raises CommandError."""
        self.compose("build", *services)

    def start(self, *services: str) -> None:
        """Create and start `services` (all when none is named) and wait until they are healthy.

        Raises SetupError naming the ones that are not within two minutes.
        """
        try:
            self.compose("up", "--detach", "--wait", "--wait-timeout", str(HEALTHY_SECONDS), *services)
        except CommandError as failure:
            if not (sick := self._not_healthy()):
                raise
            names = ", ".join(sick)
            raise SetupError(
                f"Not healthy: {names}", f"`docker compose logs {' '.join(sick)}` says why"
            ) from failure

    def down(self, *options: str) -> None:
        """Remove our sidecars, then the containers and networks. Raises CommandError."""
        self.remove_sidecars()
        self.compose("down", "--remove-orphans", *options)

    def remove_sidecars(self) -> None:
        """Remove every container that the backend started beside the stack (probes, faults)."""
        if sidecars := run("docker", "ps", "--all", "--quiet", "--filter", f"label={OWN_LABEL}").split():
            run("docker", "rm", "--force", "--volumes", *sidecars)

    def remove_by_label(self) -> None:
        """Remove the project's containers, networks and volumes whatever clone made them."""
        ours = ("--filter", f"label=com.docker.compose.project={self.project}")
        if containers := run("docker", "ps", "--all", "--quiet", *ours, "--filter", NUMBERED).split():
            run("docker", "rm", "--force", *containers)
        for kind in ("network", "volume"):
            if names := run("docker", kind, "ls", "--quiet", *ours).split():
                run("docker", kind, "rm", *names)

    def remove_images(self) -> None:
        """Remove every image that we built, the base included."""
        if images := run("docker", "images", "--quiet", "--filter", f"reference={OWN_IMAGES}").split():
            run("docker", "rmi", "--force", *sorted(set(images)))

    def _not_healthy(self) -> list[str]:
        try:
            rows = self.compose("ps", "--all", "--format", "json").splitlines()
        except CommandError:
            return []
        containers = [json.loads(row) for row in rows]
        return sorted(c["Service"] for c in containers if (c["State"], c["Health"]) != ("running", "healthy"))
