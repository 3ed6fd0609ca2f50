"""Who holds a TCP port of this machine."""

import json
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from infrastructure.bring_up.commands import CommandError, run
from infrastructure.bring_up.findings import Finding

LISTENING = "0A"
PUBLISHED = re.compile(r":(\d+)(?:-(\d+))?->")


def check(wanted: Iterable[int], project: str) -> list[Finding]:
    """One finding per port that something outside our compose `project` holds, or one that all are free."""
    ours, others = _published(project)
    ports = sorted(set(wanted))
    findings = [finding for port in ports if port not in ours and (finding := _finding(port, others))]
    named = ", ".join(map(str, ports))
    return findings or [Finding("ports", "ok", f"{named} are free or ours")]


def holder(port: int, processes: Path = Path("/proc")) -> str:
    """A name for the process that listens on `port` (`nginx (pid 12)`), as far as we may see it."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port, processes)}
    for process in sorted(processes.glob("[0-9]*")) if wanted else []:
        if wanted & _open_files(process):
            return f"{(process / 'comm').read_text(encoding='utf-8').strip()} (pid {process.name})"
    return "another program"


def is_free(port: int) -> bool:
    """Whether 127.0.0.1:`port` can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _finding(port: int, containers: dict[int, str]) -> Finding | None:
    if port in containers:
        name = containers[port]
        return Finding(
            "ports", "problem", f"Port {port} is in use by the container {name}", f"`docker stop {name}`"
        )
    if not is_free(port):
        return Finding(
            "ports", "problem", f"Port {port} is in use by {holder(port)}", "stop it, then try again"
        )
    return None


def _published(project: str) -> tuple[set[int], dict[int, str]]:
    """(ports of our own project, port → container name of all others) among the running containers."""
    ours: set[int] = set()
    others: dict[int, str] = {}
    for row in _running_containers():
        ports = {port for first, last in PUBLISHED.findall(row["Ports"]) for port in _span(first, last)}
        if _is_of_project(row["Labels"].split(","), project):
            ours |= ports
        else:
            others |= dict.fromkeys(ports, row["Names"])
    return ours, others


def _is_of_project(labels: list[str], project: str) -> bool:
    """Compose labels images too, so whatever runs from them has the project, but not the number."""
    numbered = any(label.startswith("com.docker.compose.container-number=") for label in labels)
    return numbered and f"com.docker.compose.project={project}" in labels


def _running_containers() -> list[dict[str, str]]:
    try:
        lines = run("docker", "ps", "--no-trunc", "--format", "{{json .}}", timeout=10)
    except CommandError:
        return []
    return [json.loads(line) for line in lines.splitlines()]


def _span(first: str, last: str) -> range:
    return range(int(first), int(last or first) + 1)


def _listening_inodes(port: int, processes: Path) -> set[str]:
    inodes = set()
    for table in (processes / "net/tcp", processes / "net/tcp6"):
        for line in table.read_text(encoding="ascii").splitlines()[1:] if table.exists() else []:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes


def _open_files(process: Path) -> set[str]:
    targets = set()
    with suppress(OSError):  # the process ended meanwhile, or is not ours to see
        for link in (process / "fd").iterdir():
            with suppress(OSError):  # this file was closed meanwhile
                targets.add(str(link.readlink()))
    return targets
