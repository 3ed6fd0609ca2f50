"""The group that owns the Docker socket, as a container sees it."""

from pathlib import Path

from infrastructure.bring_up import env_file
from infrastructure.bring_up.commands import run
from infrastructure.bring_up.setup_error import SetupError

SOCKET = Path("/var/run/docker.sock")
KEY = "DOCKER_GID"


def find(socket: Path = SOCKET) -> int:
    """The group id a container needs for the socket (Docker Desktop shows it to containers as root's)."""
    desktop = (
        run("docker", "info", "--format", "{{.OperatingSystem}}", timeout=10).strip() == "Docker Desktop"
    )
    return 0 if desktop or not socket.exists() else socket.stat().st_gid


def check(env_path: Path, actual: int) -> None:
    """Raise SetupError when .env (of another machine) names a group that would not let the backend in."""
    configured = env_file.effective(env_path, KEY, "0")
    if configured != str(actual):
        what = f"{KEY} is {configured}, but the Docker socket belongs to group {actual}"
        raise SetupError(what, f"remove the line {KEY} from .env, then `make up` writes the right one")
