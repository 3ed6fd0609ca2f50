"""A fresh clone has new passwords, the volumes the old ones: the real servers take the new ones."""

from pathlib import Path

import pytest
import requests

from infrastructure.bring_up import passwords
from infrastructure.bring_up.commands import CommandError
from infrastructure.bring_up.stack import Stack
from infrastructure.tests.conftest import Project

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
CHECK_POSTGRES = (
    'read -r PGPASSWORD && export PGPASSWORD && psql -h "$(hostname -i)" -U incidentops -c "SELECT 1"'
)


class OtherClone(Stack):
    """A clone with an .env of its own, on the containers of `project`."""

    def __init__(self, root: Path, project: Project, password: str) -> None:
        super().__init__(root)
        self._project = project
        self.env_path.write_text(
            f"POSTGRES_PASSWORD={password}\nRABBITMQ_PASSWORD={password}\n", encoding="utf-8"
        )

    def execute(self, service: str, *command: str, stdin: str) -> str:
        return self._project.compose("exec", "-T", service, *command, stdin=stdin)


def postgres_accepts(project: Project, password: str) -> bool:
    try:
        project.compose("exec", "-T", "postgres", "bash", "-c", CHECK_POSTGRES, stdin=f"{password}\n")
    except CommandError:
        return False
    return True


def rabbitmq_accepts(console: str, password: str) -> bool:
    return requests.get(console, auth=("incidentops", password), timeout=5).status_code == 200


def test_old_volumes_take_new_passwords(project: Project, tmp_path: Path):
    console = f"{project.url('rabbitmq', 15672)}/api/whoami"
    new = "it's new"
    assert not postgres_accepts(project, new)
    assert passwords.heal(OtherClone(tmp_path, project, new), console) is True
    assert postgres_accepts(project, new)
    assert rabbitmq_accepts(console, new)


def test_a_second_healing_finds_nothing_to_do(project: Project, tmp_path: Path):
    console = f"{project.url('rabbitmq', 15672)}/api/whoami"
    clone = OtherClone(tmp_path, project, "second")
    passwords.heal(clone, console)
    assert passwords.heal(clone, console) is False
