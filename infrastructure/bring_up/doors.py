"""The doors that `make` opens: up, down, clean and doctor."""

from collections.abc import Iterable
from pathlib import Path

from infrastructure.bring_up import (
    base_image,
    engine,
    env_file,
    images,
    passwords,
    preflight,
    socket_group,
    table,
)
from infrastructure.bring_up.findings import Finding
from infrastructure.bring_up.progress import Progress
from infrastructure.bring_up.setup_error import SetupError
from infrastructure.bring_up.stack import STAND_INS, Stack

PATIENT_SECONDS = 30.0
DATA_SERVICES = ("postgres", "rabbitmq", "redis")


def up(root: Path) -> None:
    """Everything from a bare machine to the running stack; on a running stack only what changed."""
    progress = Progress()
    stack = Stack(root)
    _show(preflight.machine(root))
    _ensure_engine(progress)
    _show(preflight.around_the_engine(stack))
    _choose_images(stack, progress)
    _complete_env_file(stack, progress)
    with progress.step("Images of the stack"):
        images.build(stack)
    with progress.step("Postgres, RabbitMQ and Redis"):
        stack.start(*DATA_SERVICES)
        if passwords.heal(stack):
            progress.say("The volumes are older than .env: they have the new passwords now")
    with progress.step("The whole stack"):
        stack.start()
    progress.say("Everything is up and healthy")
    if left_out := stack.left_out():
        progress.say(f"Left out, because no Debian package stands in for their images: {', '.join(left_out)}")
    print(table.render(stack.configuration()["services"]))


def down(root: Path) -> None:
    """Remove containers, networks and sidecars; the data stays."""
    _need_engine()
    with Progress().step("Stopping"):
        Stack(root).down()


def clean(root: Path) -> None:
    """Remove also the volumes with all data, and every image we built."""
    _need_engine()
    stack = Stack(root)
    with Progress().step("Removing containers, volumes and images"):
        stack.down("--volumes")
        stack.remove_images()


def doctor(root: Path) -> None:
    """The preflight alone: changes nothing."""
    _show(preflight.machine(root))
    if engine.answers():
        _show(preflight.around_the_engine(Stack(root)))


def _show(findings: Iterable[Finding]) -> None:
    """Print every finding, then raise the first problem among them."""
    problems = []
    for finding in findings:
        print(finding, flush=True)
        problems += [finding.error] if finding.error else []
    if problems:
        raise problems[0]


def _ensure_engine(progress: Progress) -> None:
    if engine.answers():
        return
    if not engine.installed():
        with progress.step("Installing the Docker engine"):
            engine.install()
    if not engine.answers():
        with progress.step("Starting the Docker engine"):
            engine.start()


def _need_engine() -> None:
    if not engine.answers():
        raise SetupError("No Docker engine answers, so there is nothing to remove", "`make doctor` says more")


def _choose_images(stack: Stack, progress: Progress) -> None:
    """Official images where they can be pulled, else stand-ins; a choice that stands in .env is kept."""
    if not env_file.effective(stack.env_path, "COMPOSE_FILE") and _must_stand_in():
        env_file.merge(stack.env_path, {"COMPOSE_FILE": STAND_INS, "BASE_IMAGE": base_image.BASE_IMAGE})
        progress.say("No registry, so the images are built from Debian packages; .env keeps this choice")
    if stack.on_stand_ins and not base_image.exists():
        with progress.step("Base image from Debian packages"):
            base_image.build()


def _must_stand_in() -> bool:
    """Whether images cannot be pulled; where none can be built either, a slow registry gets more time."""
    if preflight.registry_answers():
        return False
    if base_image.exists() or base_image.can_be_built():
        return True
    if preflight.registry_answers(PATIENT_SECONDS):
        return False
    way_out = "get a connection, or run `sudo make up` on Debian or Ubuntu, which builds its own images"
    raise SetupError("No image registry can be reached", way_out)


def _complete_env_file(stack: Stack, progress: Progress) -> None:
    group = socket_group.find()
    values = env_file.generated_passwords() | {socket_group.KEY: str(group)}
    if added := env_file.merge(stack.env_path, values):
        progress.say(f"Wrote {', '.join(added)} into .env")
    socket_group.check(stack.env_path, group)
