"""What apt on this machine knows: the distribution, its mirror, and how to reach Debian trixie beside it."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infrastructure.bring_up.commands import run
from infrastructure.bring_up.setup_error import SetupError

OS_RELEASE = Path("/etc/os-release")
APT = Path("/etc/apt")
MIRROR_VARIABLE = "DEBIAN_MIRROR"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
TRIXIE = "trixie"
OLDER_THAN_TRIXIE = {"bullseye", "bookworm"}
LOW_PRIORITY = 50


@dataclass(frozen=True)
class Distribution:
    """Name (`debian`, `ubuntu`, …) and code name (`bookworm`, …) of the machine's Linux."""

    name: str
    codename: str


def distribution(os_release: Path = OS_RELEASE) -> Distribution | None:
    """The machine's distribution, or None where there is no os-release file (macOS, …)."""
    if not os_release.exists():
        return None
    pairs = re.findall(r'^(\w+)="?([^"\n]*)"?$', os_release.read_text(encoding="utf-8"), re.MULTILINE)
    values = dict(pairs)
    return Distribution(values.get("ID", ""), values.get("VERSION_CODENAME", ""))


def mirror(suite: str, apt: Path = APT) -> str | None:
    """The mirror from which this machine takes `suite` (`bookworm`, `bookworm-security`, …), if any."""
    return next((uri for uri, suites in _sources(apt) if suite in suites), None)


def archive(codename: str, apt: Path = APT) -> str:
    """The Debian mirror to take trixie from: the one named in the environment, else the one this Debian uses.

    Raises SetupError where neither is known (Ubuntu's own sources have no Debian packages).
    """
    known = os.environ.get(MIRROR_VARIABLE) or mirror(codename, apt)
    if known is None:
        raise SetupError("No Debian mirror is known here", f"set {MIRROR_VARIABLE} to the URL of one")
    return known.rstrip("/")


def install(*packages: str) -> None:
    """Install Debian packages without recommendations or questions. Raises CommandError."""
    run(
        "apt-get", "install", "--yes", "--no-install-recommends", *packages,
        environment={"DEBIAN_FRONTEND": "noninteractive"},
    )  # fmt: skip


def refresh() -> None:
    """Fetch apt's package lists. Raises CommandError."""
    run("apt-get", "update", "--quiet")


def offer_trixie(codename: str, apt: Path = APT) -> None:
    """Make trixie's packages installable by name, pinned so low that nothing moves there by itself."""
    place = f"URIs: {archive(codename, apt)}\nSuites: {TRIXIE}\nComponents: main\n"
    source = f"Types: deb\n{place}Signed-By: {KEYRING}\n"
    pin = f"Package: *\nPin: release n={TRIXIE}\nPin-Priority: {LOW_PRIORITY}\n"
    (apt / "sources.list.d" / "incidentops-trixie.sources").write_text(source, encoding="utf-8")
    (apt / "preferences.d" / "incidentops-trixie").write_text(pin, encoding="utf-8")


def is_root() -> bool:
    """Whether we may install packages."""
    return os.geteuid() == 0


def _sources(apt: Path) -> Iterator[tuple[str, set[str]]]:
    """(URI, suites) of every enabled binary source, in both of apt's formats."""
    listed = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*.list"))]
    for path in filter(Path.exists, listed):
        yield from _one_line_sources(path.read_text(encoding="utf-8"))
    for path in sorted((apt / "sources.list.d").glob("*.sources")):
        yield from _deb822_sources(path.read_text(encoding="utf-8"))


def _one_line_sources(text: str) -> Iterator[tuple[str, set[str]]]:
    for uri, suite in re.findall(r"^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)", text, re.MULTILINE):
        yield uri.rstrip("/"), {suite}


def _deb822_sources(text: str) -> Iterator[tuple[str, set[str]]]:
    for stanza in re.split(r"\n\s*\n", text):
        fields = {
            key.lower(): value.split()
            for key, value in re.findall(r"^([\w-]+):[ \t]*(.*)$", stanza, re.MULTILINE)
        }
        if "deb" not in fields.get("types", []) or fields.get("enabled") == ["no"]:
            continue
        for uri in fields.get("uris", []):
            yield uri.rstrip("/"), set(fields.get("suites", []))
