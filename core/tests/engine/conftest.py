"""A real engine and the image of its test containers."""

import os
import subprocess
from pathlib import Path

import pytest

CORE = Path(__file__).parents[2]
IMAGE = "incidentops/engine-test:trixie"
ENGINE_URL = os.environ.get("INCIDENTOPS_ENGINE_URL", "unix:///var/run/docker.sock")


@pytest.fixture(scope="session")
def engine_image() -> str:
    """Built here from the core as it is now; without an engine this fails, it does not skip."""
    dockerfile = CORE / "tests" / "engine" / "Dockerfile"
    build = ["docker", "build", "--quiet", "--tag", IMAGE, "--file", str(dockerfile), str(CORE)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return IMAGE
