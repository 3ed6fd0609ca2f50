"""A backend on the real engine, a target that answers on TCP and UDP, and a neighbour on the same network."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from backend.tests.faults.lab import Lab
from backend.tests.faults.lab_process import LABEL
from backend.tests.faults.target import ECHO, IMAGE, Target
from incidentops.testing.containers import RunningContainer, docker, own_network, running_container


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("state"))
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _nothing_left(lab) -> Iterator[None]:
    """What a failed test left does not hurt the next one."""
    yield
    for fault in lab.active():
        lab.undo(fault)


@pytest.fixture(scope="module")
def network() -> Iterator[str]:
    with own_network("faults-test") as network:
        yield network


def _target(lab: Lab, service: str, network: str, *options: str) -> Iterator[Target]:
    labels = (
        f"--label={LABEL}={lab.mark}",
        f"--label=incidentops.service={service}",
        f"--label=com.docker.compose.project={lab.mark}",
    )
    with running_container(
        IMAGE,
        ready=_answers,
        command=["-c", ECHO],
        options=[
            f"--network={network}",
            "--entrypoint=python3",
            "--stop-timeout=1",
            "--init",
            f"--network-alias={service}",
            *labels,
            *options,
        ],
        name=f"faults-test-{service}",
    ) as container:
        yield Target(service, container)


def _answers(container: RunningContainer) -> bool:
    return Target("", container).connects()


@pytest.fixture(scope="module")
def redis(lab, network) -> Iterator[Target]:
    """The target: limited memory, and a scratch volume of 16 MiB."""
    volume = f"faults-test-{uuid4().hex[:8]}"
    docker("volume", "create", "--opt=type=tmpfs", "--opt=device=tmpfs", "--opt=o=size=16m", volume)
    try:
        yield from _target(
            lab,
            "redis",
            network,
            "--memory=256m",
            f"--volume={volume}:/scratch",
            "--label=incidentops.scratch=/scratch",
        )
    finally:
        docker("volume", "rm", volume)


@pytest.fixture(scope="module")
def billing(lab, network) -> Iterator[Target]:
    """A neighbour, known as `peer`."""
    yield from _target(lab, "billing", network, "--network-alias=peer")
