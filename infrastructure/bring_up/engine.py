"""The Docker engine of this machine: is it there, and if not, install and start it."""

import subprocess
import time
from pathlib import Path

from infrastructure.bring_up import debian
from infrastructure.bring_up.commands import run, succeeds
from infrastructure.bring_up.setup_error import SetupError

RUN = Path("/var/run")
LOG = Path("/var/log/incidentops-dockerd.log")
START_SECONDS = 60.0
INSTALL_BY_HAND = "install Docker Engine with the Compose plugin (https://docs.docker.com/engine/install/)"
PACKAGES = {
    "debian": ("docker.io", "docker-cli", "docker-compose", "docker-buildx", "iptables", "mmdebstrap"),
    "ubuntu": (
        "docker.io",
        "docker-compose-v2",
        "docker-buildx",
        "iptables",
        "mmdebstrap",
        "debian-archive-keyring",
    ),
}
FROM_TRIXIE = {"docker.io", "docker-cli", "docker-compose", "docker-buildx"}


def answers() -> bool:
    """Whether an engine answers the Docker client (local or at DOCKER_HOST)."""
    return succeeds("docker", "version", "--format", "{{.Server.Version}}", timeout=10)


def installed() -> bool:
    """Whether the engine's own program is on this machine."""
    return succeeds("dockerd", "--version", timeout=10)


def install() -> None:
    """Install engine, client, Compose and buildx from the distribution's packages.

    On Debian before trixie they come from trixie by name, so that libc and Python stay as they are.
    Raises SetupError where we are not root or not on Debian or Ubuntu, CommandError when apt fails.
    """
    here = debian.distribution()
    if (obstacle := obstacle_to_install(here)) is not None:
        raise obstacle
    assert here is not None
    older = here.codename in debian.OLDER_THAN_TRIXIE
    if older:
        debian.offer_trixie(here.codename)
    debian.refresh()
    debian.install(*_packages(here.name, older=older))


def obstacle_to_install(here: debian.Distribution | None, *, root: bool | None = None) -> SetupError | None:
    """Why we cannot install an engine on this distribution (None: we can)."""
    if here is None or here.name not in PACKAGES:
        return SetupError("There is no Docker engine, and this is neither Debian nor Ubuntu", INSTALL_BY_HAND)
    if not (debian.is_root() if root is None else root):
        return SetupError(
            "There is no Docker engine, and only root may install one", "run `sudo make up` once"
        )
    return None


def start() -> None:
    """Start the installed engine (by systemd where it runs, else in the background); wait until it answers.

    Raises SetupError when it is not up within a minute, or when we may not start it.
    """
    if not debian.is_root():
        raise SetupError(
            "The Docker engine does not run, and only root may start it", "run `sudo make up` once"
        )
    if Path("/run/systemd/system").is_dir():
        run("systemctl", "start", "docker")
    else:
        remove_stale_pid_files()
        _start_in_background()
    _wait_until_it_answers()


def remove_stale_pid_files(folder: Path = RUN, processes: Path = Path("/proc")) -> list[Path]:
    """Remove the pid files of an engine that died; returns what was removed.

    A pid that meanwhile belongs to another program counts as dead: dockerd would refuse to start over it.
    """
    owners = {folder / "docker.pid": "dockerd", folder / "docker/containerd/containerd.pid": "containerd"}
    stale = [
        path for path, program in owners.items() if path.exists() and not _runs(path, program, processes)
    ]
    for path in stale:
        path.unlink()
    return stale


def _packages(name: str, *, older: bool) -> tuple[str, ...]:
    wanted = PACKAGES[name]
    return tuple(
        f"{package}/{debian.TRIXIE}" if older and package in FROM_TRIXIE else package for package in wanted
    )


def _runs(pid_file: Path, program: str, processes: Path) -> bool:
    comm = processes / pid_file.read_text(encoding="ascii").strip() / "comm"
    return comm.exists() and comm.read_text(encoding="utf-8").strip() == program


def _start_in_background() -> None:
    with LOG.open("ab") as log:
        subprocess.Popen(
            ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def _wait_until_it_answers() -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if time.monotonic() > deadline:
            raise SetupError(f"The Docker engine did not answer within {START_SECONDS:.0f} s", f"read {LOG}")
        time.sleep(0.2)
