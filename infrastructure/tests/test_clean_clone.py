"""`make up` on a machine with nothing: a fresh Debian in a container of its own, with its own engine and ports."""

import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.bring_up import base_image
from infrastructure.bring_up.commands import run

pytestmark = [pytest.mark.engine, pytest.mark.full, pytest.mark.timeout(580)]
ROOT = Path(__file__).resolve().parents[2]
BUNDLE = "/etc/host-ca.pem"
BARE_NEEDS = (
    "apt-get update -q && apt-get install -y -q --no-install-recommends make python3 git curl ca-certificates"
)
CLONE = "git clone --quiet --no-hardlinks /source /clone"
COLD_SECONDS = 300.0
WARM_SECONDS = 15.0


@pytest.fixture(scope="module")
def machine() -> Iterator[str]:
    """The name of a container that plays the fresh machine; it is removed with its engine and all it held."""
    name = f"infra-clean-{uuid.uuid4().hex[:8]}"
    bundle = os.environ.get("SSL_CERT_FILE", "")
    trust = ("--volume", f"{bundle}:{BUNDLE}:ro", "--env", f"SSL_CERT_FILE={BUNDLE}") if bundle else ()
    git_folder = run("git", "rev-parse", "--path-format=absolute", "--git-common-dir", folder=ROOT).strip()
    run(
        "docker", "run", "--detach", "--name", name, "--privileged", "--volume", "/var/lib/docker",
        "--volume", f"{git_folder}:/source:ro", *trust, base_image.BASE_IMAGE, "sleep", "infinity",
    )  # fmt: skip
    try:
        inside(name, BARE_NEEDS)
        inside(name, f"git config --global safe.directory '*' && {CLONE}")
        inside(name, f"git -C /clone checkout --quiet {run('git', 'rev-parse', 'HEAD', folder=ROOT).strip()}")
        yield name
    finally:
        run("docker", "rm", "--force", "--volumes", name)


def inside(machine: str, command: str) -> str:
    """Run a shell command on the fresh machine."""
    return run("docker", "exec", machine, "sh", "-c", command, timeout=500)


def seconds(output: str) -> float:
    """The elapsed time that `make up` printed last."""
    return float(re.findall(r"\[ *([\d.]+) s\]", output)[-1])


def test_make_up_goes_from_nothing_to_a_healthy_stack_and_is_quick_the_second_time(machine: str):
    cold = inside(machine, "make -C /clone up 2>&1")
    assert "http://localhost:8080" in cold
    assert seconds(cold) < COLD_SECONDS, cold
    assert '"ready"' in inside(machine, "curl -sf http://localhost:8000/health/ready")
    assert seconds(inside(machine, "make -C /clone up 2>&1")) < WARM_SECONDS


def test_a_second_clone_with_passwords_of_its_own_takes_over(machine: str):
    inside(machine, CLONE.replace("/clone", "/second"))
    inside(machine, "git -C /second checkout --quiet $(git -C /clone rev-parse HEAD)")
    output = inside(machine, "make -C /second up 2>&1")
    assert "they have the new passwords now" in output
    assert '"ready"' in inside(machine, "curl -sf http://localhost:8000/health/ready")


def test_make_down_leaves_nothing_running_and_make_clean_no_data(machine: str):
    inside(machine, "make -C /second down 2>&1")
    assert inside(machine, "docker ps --all --quiet") == ""
    assert inside(machine, "docker volume ls --quiet --filter label=com.docker.compose.project=incidentops")
    inside(machine, "make -C /second clean 2>&1")
    assert (
        inside(machine, "docker volume ls --quiet --filter label=com.docker.compose.project=incidentops")
        == ""
    )
    assert inside(machine, "docker images --quiet --filter 'reference=incidentops/*'") == ""
