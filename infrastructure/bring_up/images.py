"""The images of the stack, and the stand-ins that some are built on where no registry can be reached."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infrastructure.bring_up import base_image
from infrastructure.bring_up.commands import run
from infrastructure.bring_up.stack import Stack

# Compose has no service for these: they are built upon, or stand in for a sender of alerts in tests.
BUILDERS = ("nginx", "node", "alertmanager")
PANEL = "frontend"


def build(stack: Stack) -> None:
    """Build every image of the stack; the panel's waits for its stand-ins, not the others. Raises CommandError."""
    services = stack.configuration()["services"].items()
    others = [name for name, service in services if name != PANEL and "build" in service]
    with ThreadPoolExecutor() as pool:
        rest = pool.submit(stack.build, *others)
        if stack.on_stand_ins:
            list(pool.map(lambda name: _build(stack.root, name), BUILDERS))
        stack.build(PANEL)
        rest.result()


def _build(root: Path, name: str) -> None:
    run(
        "docker", "build", "--build-arg", f"BASE_IMAGE={base_image.BASE_IMAGE}",
        "--tag", f"incidentops/standin-{name}:trixie", str(root / f"infrastructure/images/standin-{name}"),
    )  # fmt: skip
