"""The preflight: what this machine has and lacks, one finding per fact."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from infrastructure.bring_up import debian, engine, ports
from infrastructure.bring_up.commands import CommandError, run, succeeds
from infrastructure.bring_up.findings import Finding
from infrastructure.bring_up.stack import Stack

GIB = 1024**3
NEEDED_BYTES = 3 * GIB
REGISTRY_SECONDS = 4.0
KNOWN_IMAGE = "debian:trixie-slim"
FreeBytes = Callable[[Path], int]


def machine(root: Path) -> Iterator[Finding]:
    """What can be said without an engine, and about the engine itself."""
    yield disk(root)
    yield ca_bundle(os.environ.get("SSL_CERT_FILE", ""))
    yield docker_engine()


def around_the_engine(stack: Stack) -> Iterator[Finding]:
    """What can be said once an engine answers."""
    yield compose()
    yield registry()
    yield from other_clones(stack)
    yield from ports.check(stack.published_ports(), stack.project)


def disk(folder: Path, free_bytes: FreeBytes = lambda folder: shutil.disk_usage(folder).free) -> Finding:
    """Whether there is room for the images (where the engine keeps them, if that is on this machine)."""
    engine_folder = Path("/var/lib/docker")
    place = engine_folder if engine_folder.is_dir() and os.access(engine_folder, os.R_OK) else folder
    free = free_bytes(place)
    text = f"{free / GIB:.1f} GiB free at {place}"
    if free < NEEDED_BYTES:
        way_out = (
            f"make room for {NEEDED_BYTES / GIB:.0f} GiB (`docker system df` shows what the engine holds)"
        )
        return Finding("disk", "problem", f"The disk is full: only {text}", way_out)
    return Finding("disk", "ok", text)


def ca_bundle(path: str) -> Finding:
    """Whether builds get a CA bundle: companies that re-sign TLS need one."""
    if not path:
        return Finding("CA bundle", "ok", "the images' own (set SSL_CERT_FILE where a proxy re-signs TLS)")
    if not Path(path).is_file():
        way_out = "correct or unset it"
        return Finding("CA bundle", "problem", f"SSL_CERT_FILE names {path}, which is no file", way_out)
    return Finding("CA bundle", "ok", f"{path} is given to the builds")


def docker_engine() -> Finding:
    """Whether an engine answers; where `make up` can install or start one, its absence is only a note."""
    if not shutil.which("docker") and not engine.installed():
        return _missing_engine()
    try:
        version = run("docker", "version", "--format", "{{.Server.Version}}", timeout=10).strip()
    except CommandError as refusal:
        return _silent_engine(refusal.output)
    return Finding("Docker engine", "ok", version)


def compose() -> Finding:
    """Whether `docker compose` (version 2 or later) is there."""
    try:
        return Finding("Compose", "ok", run("docker", "compose", "version", "--short", timeout=10).strip())
    except CommandError:
        way_out = "install Docker's Compose plugin (on Debian: `apt-get install docker-compose`)"
        return Finding("Compose", "problem", "`docker compose` is missing", way_out)


def registry() -> Finding:
    """Whether official images can be pulled."""
    if registry_answers():
        return Finding("image registry", "ok", "reachable")
    return Finding("image registry", "note", "cannot be reached")


@cache
def registry_answers(seconds: float = REGISTRY_SECONDS) -> bool:
    """Whether the Docker client's default registry answers within `seconds`; asked once per run."""
    return succeeds("docker", "manifest", "inspect", KNOWN_IMAGE, timeout=seconds)


def other_clones(stack: Stack) -> Iterator[Finding]:
    """Whether the running stack was brought up from another folder; then `make up` replaces it."""
    for folder in stack.other_clones():
        yield Finding("running stack", "note", f"it is the one of {folder}; `make up` takes it over")


def _missing_engine() -> Finding:
    if (obstacle := engine.obstacle_to_install(debian.distribution())) is not None:
        return Finding("Docker engine", "problem", obstacle.what, obstacle.way_out)
    return Finding("Docker engine", "note", "missing; `make up` installs it")


def _silent_engine(refusal: str) -> Finding:
    if "permission denied" in refusal:
        way_out = "add yourself to the group `docker` and log in again, or use sudo"
        return Finding("Docker engine", "problem", "The Docker engine does not let this user in", way_out)
    if host := os.environ.get("DOCKER_HOST"):
        return Finding(
            "Docker engine", "problem", f"No Docker engine answers at {host}", "start it or unset DOCKER_HOST"
        )
    if not engine.installed():
        return _missing_engine()
    if debian.is_root():
        return Finding("Docker engine", "note", "installed but not running; `make up` starts it")
    way_out = "start it (`sudo systemctl start docker`)"
    return Finding(
        "Docker engine", "problem", "The Docker engine does not run, and only root may start it", way_out
    )
