from pathlib import Path

import pytest

from infrastructure.bring_up import env_file


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path):
    path = tmp_path / ".env"
    assert env_file.merge(path, {"REDIS_PASSWORD": "secret"}) == ["REDIS_PASSWORD"]
    assert path.read_text(encoding="utf-8") == "REDIS_PASSWORD=secret\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_stands_there_stays_byte_for_byte(tmp_path: Path):
    path = tmp_path / ".env"
    before = "# mine\nREDIS_PASSWORD='my own'\n\nOTHER=1"
    path.write_text(before, encoding="utf-8")
    assert env_file.merge(path, {"REDIS_PASSWORD": "new", "DOCKER_GID": "5"}) == ["DOCKER_GID"]
    assert path.read_text(encoding="utf-8") == before + "\nDOCKER_GID=5\n"


def test_a_second_merge_changes_nothing(tmp_path: Path):
    path = tmp_path / ".env"
    env_file.merge(path, env_file.generated_passwords())
    before = path.read_bytes()
    assert env_file.merge(path, env_file.generated_passwords()) == []
    assert path.read_bytes() == before


def test_an_example_line_in_a_comment_is_no_assignment(tmp_path: Path):
    path = tmp_path / ".env"
    path.write_text("#REDIS_PASSWORD=\n", encoding="utf-8")
    assert env_file.merge(path, {"REDIS_PASSWORD": "secret"}) == ["REDIS_PASSWORD"]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("A='b c'", "b c"),
        ('A="b"', "b"),
        ("export A=b", "b"),
        ("A = b", "b"),
        ("A=b # why", "b"),
    ],
)
def test_assignments_are_read_as_compose_reads_them(tmp_path: Path, line: str, value: str):
    path = tmp_path / ".env"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert env_file.read(path) == {"A": value}


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / ".env"
    path.write_text("COMPOSE_FILE=file.yml\n", encoding="utf-8")
    monkeypatch.delenv("COMPOSE_FILE", raising=False)
    assert env_file.effective(path, "COMPOSE_FILE") == "file.yml"
    monkeypatch.setenv("COMPOSE_FILE", "environment.yml")
    assert env_file.effective(path, "COMPOSE_FILE") == "environment.yml"


def test_every_password_is_long_and_its_own():
    passwords = env_file.generated_passwords()
    assert set(passwords) == set(env_file.PASSWORDS)
    assert len(set(passwords.values())) == len(passwords)
    assert all(len(password) == 40 and password.isalnum() for password in passwords.values())
