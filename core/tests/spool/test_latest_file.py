"""The wishes on the local disk."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from incidentops.adapters.spool.latest_file import recovery_file, wish_file
from incidentops.domain.services import Wish
from incidentops.testing.store import a_recovery, a_wish


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "wishes.json"


def test_another_process_reads_what_was_remembered(path: Path):
    wish_file(path).merge([a_wish("redis"), a_wish("postgres", Wish.RUNNING)])
    assert wish_file(path).all() == {"redis": a_wish("redis"), "postgres": a_wish("postgres", Wish.RUNNING)}


def test_there_are_no_wishes_before_the_first(path: Path):
    assert wish_file(path).all() == {}


def test_an_older_wish_does_not_replace_a_newer(path: Path):
    newer = a_wish(wish=Wish.RUNNING, after_seconds=2)
    wish_file(path).merge([newer])
    wish_file(path).merge([a_wish(after_seconds=1)])
    assert wish_file(path).all() == {"redis": newer}


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[{"service": "redis"}]', b"\xff"])
def test_an_unreadable_file_counts_as_empty_and_is_replaced(path: Path, content: bytes):
    path.parent.mkdir()
    path.write_bytes(content)
    assert wish_file(path).all() == {}
    wish_file(path).merge([a_wish()])
    assert wish_file(path).all() == {"redis": a_wish()}


def test_recovery_modes_are_kept_the_same_way(path: Path):
    recovery_file(path).merge([a_recovery(), a_recovery("postgres")])
    assert recovery_file(path).all() == {"redis": a_recovery(), "postgres": a_recovery("postgres")}


def test_threads_and_processes_do_not_lose_each_others_wishes(path: Path):
    names = [f"service-{number}" for number in range(40)]
    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(lambda name: wish_file(path).merge([a_wish(name)]), names))
    assert sorted(wish_file(path).all()) == sorted(names)


def test_a_full_disk_leaves_the_old_wishes(small_disk: Path):
    file = wish_file(small_disk / "wishes.json")
    file.merge([a_wish()])
    with pytest.raises(OSError, match="No space left"):
        file.merge([a_wish("x" * 300_000)])
    assert file.all() == {"redis": a_wish()}
