"""The images of the stack, the sidecars of its faults, and the stand-ins that some are built on where no registry
can be reached."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infrastructure.bring_up import base_image, env_file
from infrastructure.bring_up.commands import run
from infrastructure.bring_up.stack import Stack

# Compose has no service for these: they are built upon, or stand in for a sender of alerts in tests.
BUILDERS = ("nginx", "node", "alertmanager")
SIDECARS = ("nettools", "stressor")
OFFICIAL_BASE = "debian:trixie-slim"
PANEL = "frontend"


def build(stack: Stack) -> None:
    """Build every image of the stack; the panel's waits for its stand-ins, not the others. Raises CommandError."""
    services = stack.configuration()["services"].items()
    others = [name for name, service in services if name != PANEL and "build" in service]
    with ThreadPoolExecutor() as pool:
        rest = pool.submit(stack.build, *others)
        base = env_file.effective(stack.env_path, "BASE_IMAGE") or OFFICIAL_BASE
        sidecars = [
            pool.submit(_build, stack.root, name, f"incidentops/{name}:dev", base) for name in SIDECARS
        ]
        if stack.on_stand_ins:
            list(pool.map(lambda name: _build_stand_in(stack.root, name), BUILDERS))
        stack.build(PANEL)
        for building in (rest, *sidecars):
            building.result()


def _build_stand_in(root: Path, name: str) -> None:
    _build(root, f"standin-{name}", f"incidentops/standin-{name}:trixie", base_image.BASE_IMAGE)


def _build(root: Path, folder: str, tag: str, base: str) -> None:
    run(
        "docker", "build", "--build-arg", f"BASE_IMAGE={base}",
        "--tag", tag, str(root / f"infrastructure/images/{folder}"),
    )  # fmt: skip
