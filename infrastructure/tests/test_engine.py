import os
from pathlib import Path

import pytest

from infrastructure.bring_up import debian, engine
from infrastructure.bring_up.setup_error import SetupError

DEB822 = """
Types: deb
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: sid
"""


@pytest.fixture
def apt(tmp_path: Path) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "preferences.d").mkdir()
    return tmp_path


def test_the_mirror_is_the_one_of_the_machine(apt: Path):
    (apt / "sources.list.d/debian.sources").write_text(DEB822, encoding="utf-8")
    assert debian.mirror("bookworm", apt) == "http://mirror.example/debian"
    assert debian.mirror("bookworm-security", apt) == "http://mirror.example/debian-security"
    assert debian.mirror("sid", apt) is None


def test_without_a_debian_mirror_the_way_out_is_told(apt: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(debian.MIRROR_VARIABLE, raising=False)
    with pytest.raises(SetupError, match="DEBIAN_MIRROR"):
        debian.archive("noble", apt)
    monkeypatch.setenv(debian.MIRROR_VARIABLE, "http://mine.example/debian/")
    assert debian.archive("noble", apt) == "http://mine.example/debian"


def test_the_mirror_is_read_from_one_line_sources_too(apt: Path):
    lines = [
        "# deb http://no.example/debian bookworm main",
        "deb [a=b] http://old.example/debian bookworm main",
    ]
    (apt / "sources.list").write_text("\n".join(lines), encoding="utf-8")
    assert debian.mirror("bookworm", apt) == "http://old.example/debian"


def test_trixie_is_offered_below_everything_else(apt: Path):
    (apt / "sources.list.d/debian.sources").write_text(DEB822, encoding="utf-8")
    debian.offer_trixie("bookworm", apt)
    source = (apt / "sources.list.d/incidentops-trixie.sources").read_text(encoding="utf-8")
    assert "URIs: http://mirror.example/debian\nSuites: trixie\n" in source
    assert "Pin-Priority: 50\n" in (apt / "preferences.d/incidentops-trixie").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "root", "reason"), [("arch", True, "neither Debian"), ("debian", False, "only root")]
)
def test_where_no_engine_can_be_installed_the_reason_is_clear(name: str, root: bool, reason: str):
    obstacle = engine.obstacle_to_install(debian.Distribution(name, "x"), root=root)
    assert obstacle is not None
    assert reason in str(obstacle)


def test_root_on_debian_may_install_an_engine():
    assert engine.obstacle_to_install(debian.Distribution("debian", "bookworm"), root=True) is None


def test_the_pid_file_of_a_dead_engine_is_removed(tmp_path: Path, dead_pid: int):
    pid_file = tmp_path / "docker.pid"
    pid_file.write_text(f"{dead_pid}\n", encoding="ascii")
    assert engine.remove_stale_pid_files(tmp_path) == [pid_file]
    assert not pid_file.exists()


def test_a_pid_that_another_program_got_counts_as_dead(tmp_path: Path):
    pid_file = tmp_path / "docker.pid"
    pid_file.write_text(str(os.getpid()), encoding="ascii")
    assert engine.remove_stale_pid_files(tmp_path) == [pid_file]


def test_the_pid_file_of_a_living_engine_stays(tmp_path: Path):
    processes = tmp_path / "proc"
    (processes / "7").mkdir(parents=True)
    (processes / "7/comm").write_text("dockerd\n", encoding="ascii")
    (tmp_path / "docker.pid").write_text("7", encoding="ascii")
    assert engine.remove_stale_pid_files(tmp_path, processes) == []
    assert (tmp_path / "docker.pid").exists()
