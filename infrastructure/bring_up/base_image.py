"""The base of all images, made from Debian packages where no registry can be reached."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from infrastructure.bring_up import debian
from infrastructure.bring_up.commands import run, succeeds

BASE_IMAGE = "incidentops/base:trixie"
LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*")

# As in the official image: a build that is cut off starts again anyway, and nobody reads translated descriptions.
FAST = ("--dpkgopt=force-unsafe-io", '--aptopt=Acquire::Languages "none"')


def exists() -> bool:
    """Whether the engine already holds the base image."""
    return succeeds("docker", "image", "inspect", BASE_IMAGE)


def can_be_built() -> bool:
    """Whether mmdebstrap can run here: as root, on Debian or Ubuntu."""
    here = debian.distribution()
    return here is not None and here.name in {"debian", "ubuntu"} and debian.is_root()


def build() -> None:
    """Bootstrap a minimal Debian trixie and import it as BASE_IMAGE. Raises CommandError."""
    if shutil.which("mmdebstrap") is None:
        debian.refresh()
        debian.install("mmdebstrap")
    with TemporaryDirectory(prefix="incidentops-base-") as folder:
        tarball = Path(folder) / "base.tar"
        run(
            "mmdebstrap", "--variant=minbase", "--format=tar",
            *(f"--dpkgopt=path-exclude={pattern}" for pattern in LEFT_OUT), *FAST,
            debian.TRIXIE, str(tarball), *_sources(),
        )  # fmt: skip
        run("docker", "import", "--change", 'CMD ["bash"]', str(tarball), BASE_IMAGE)


def _sources() -> list[str]:
    """Trixie and its updates, and its security updates where this machine's sources say from where."""
    here = debian.distribution()
    codename = here.codename if here and here.name == "debian" else ""
    archive, security = debian.archive(codename), debian.mirror(f"{codename}-security")
    suites = [(archive, debian.TRIXIE), (archive, f"{debian.TRIXIE}-updates")]
    if security:
        suites.append((security, f"{debian.TRIXIE}-security"))
    return [f"deb {uri} {suite} main" for uri, suite in suites]
