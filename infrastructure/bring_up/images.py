"""Stand-ins for the official images, built from Debian packages where no registry can be reached."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infrastructure.bring_up import base_image
from infrastructure.bring_up.commands import run

# These are only built upon: compose has no service for them.
BUILDERS = ("nginx", "node")


def build_builders(root: Path) -> None:
    """Build the stand-ins of nginx and node, on which the panel's image is built. Raises CommandError."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda name: _build(root, name), BUILDERS))


def _build(root: Path, name: str) -> None:
    run(
        "docker", "build", "--build-arg", f"BASE_IMAGE={base_image.BASE_IMAGE}",
        "--tag", f"incidentops/standin-{name}:trixie", str(root / f"infrastructure/images/standin-{name}"),
    )  # fmt: skip
