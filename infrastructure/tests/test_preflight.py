import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from infrastructure.bring_up import ports, preflight
from infrastructure.bring_up.commands import run

ROOT = Path(__file__).resolve().parents[2]
GIB = 1024**3


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_a_taken_port_is_named_with_the_process_that_holds_it(taken_port: int):
    (finding,) = ports.check([taken_port], "incidentops")
    assert finding.level == "problem"
    assert f"Port {taken_port} is in use by " in finding.text
    assert f"(pid {os.getpid()})" in finding.text


@pytest.mark.engine
def test_a_port_of_a_foreign_container_is_named_with_the_container(taken_port: int):
    name = f"infra-{uuid.uuid4().hex[:8]}"
    image = run("docker", "images", "--quiet", "incidentops/backend:dev").strip()
    run("docker", "run", "--detach", "--name", name, "--publish", "127.0.0.1::80", image, "sleep", "60")
    try:
        port = int(run("docker", "port", name, "80").strip().rpartition(":")[2])
        (finding,) = ports.check([port], "incidentops")
        assert finding.text == f"Port {port} is in use by the container {name}"
        assert finding.way_out == f"`docker stop {name}`"
    finally:
        run("docker", "rm", "--force", name)


def test_free_ports_are_one_line(taken_port: int):
    free = next(port for port in range(taken_port + 1, 65535) if ports.is_free(port))
    (finding,) = ports.check([free], "incidentops")
    assert finding.level == "ok"


def test_a_full_disk_stops_us_with_the_figure(tmp_path: Path):
    finding = preflight.disk(tmp_path, lambda folder: GIB // 2)
    assert finding.level == "problem"
    assert "only 0.5 GiB free" in finding.text


def test_a_disk_with_room_is_fine(tmp_path: Path):
    assert preflight.disk(tmp_path, lambda folder: 20 * GIB).level == "ok"


def test_a_missing_ca_bundle_is_named(tmp_path: Path):
    finding = preflight.ca_bundle(str(tmp_path / "absent.pem"))
    assert finding.level == "problem"
    assert "absent.pem" in finding.text


@pytest.mark.usefixtures("empty_path")
def test_without_docker_compose_is_missing():
    finding = preflight.compose()
    assert finding.level == "problem"
    assert finding.text == "`docker compose` is missing"


@pytest.mark.usefixtures("empty_path")
def test_without_docker_the_registry_does_not_answer():
    preflight.registry_answers.cache_clear()
    try:
        assert not preflight.registry_answers(1.0)
    finally:
        preflight.registry_answers.cache_clear()


@pytest.mark.usefixtures("empty_path")
def test_without_docker_the_engine_is_to_be_installed_or_a_problem():
    finding = preflight.docker_engine()
    assert finding.level == ("note" if os.geteuid() == 0 else "problem")


def test_an_engine_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    finding = preflight.docker_engine()
    assert finding.level == "problem"
    assert "No Docker engine answers at tcp://127.0.0.1:1" in finding.text


def test_doctor_ends_with_one_sentence_and_exit_code_1(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "infrastructure.bring_up", "doctor"],
        cwd=ROOT,
        env={**os.environ, "SSL_CERT_FILE": str(tmp_path / "absent.pem")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert (
        done.stderr.strip()
        == f"SSL_CERT_FILE names {tmp_path / 'absent.pem'}, which is no file: correct or unset it."
    )
