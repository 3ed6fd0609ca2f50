"""The journal: what `append` returned from is there, in order, whatever happened since."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from incidentops.adapters.spool import segment as segment_module
from incidentops.adapters.spool.spool import Entry, Spool
from incidentops.domain.errors import Unavailable
from incidentops.testing.containers import wait_until


def entry(size: int = 20) -> Entry:
    return Entry("action/1", uuid4(), b"x" * size)


def fill(spool: Spool, count: int, size: int = 20) -> list[UUID]:
    entries = [entry(size) for _ in range(count)]
    for item in entries:
        spool.append(item)
    return [item.id for item in entries]


def drain(spool: Spool, limit: int = 7) -> list[UUID]:
    found: list[UUID] = []
    while (batch := spool.peek(limit)).records:
        found.extend(record.id for record in batch.records)
        spool.acknowledge(batch)
    return found


def reopened(spool: Spool, directory: Path) -> Spool:
    spool.close()
    again = Spool(directory)
    assert again.open()
    return again


def segments(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.spool"))


def test_records_leave_in_the_order_they_came(spool: Spool):
    written = fill(spool, 30)
    assert spool.backlog() == 30
    assert drain(spool) == written
    assert spool.backlog() == 0


def test_a_batch_that_was_not_acknowledged_is_given_again(spool: Spool):
    written = fill(spool, 3)
    assert [record.id for record in spool.peek(2).records] == written[:2]
    assert [record.id for record in spool.peek(2).records] == written[:2]


def test_another_process_finds_what_this_one_wrote(spool: Spool, directory: Path):
    written = fill(spool, 5)
    again = reopened(spool, directory)
    assert again.backlog() == 5
    assert drain(again) == written


def test_the_replay_goes_on_where_it_stood(spool: Spool, directory: Path):
    written = fill(spool, 10)
    spool.acknowledge(spool.peek(4))
    again = reopened(spool, directory)
    assert again.backlog() == 6
    assert drain(again) == written[4:]


def test_a_lost_position_only_repeats_records(spool: Spool, directory: Path):
    written = fill(spool, 10)
    spool.acknowledge(spool.peek(4))
    spool.close()
    (directory / "position").write_bytes(b"torn")
    again = Spool(directory)
    assert again.open()
    assert drain(again) == written


def test_seqs_grow_over_the_life_of_the_spool(spool: Spool, directory: Path):
    fill(spool, 3)
    before = spool.peek(10).records[-1].seq
    drain(spool)
    again = reopened(spool, directory)
    fill(again, 1)
    assert again.peek(1).records[0].seq == before + 1


def test_replayed_files_are_removed(directory: Path):
    spool = Spool(directory, segment_bytes=1000)
    written = fill(spool, 100)
    assert len(segments(directory)) > 5
    assert drain(spool) == written
    assert segments(directory) == []
    assert fill(spool, 1) == drain(spool)
    spool.close()


def test_records_in_several_files_survive_a_reopening_in_the_middle(directory: Path):
    spool = Spool(directory, segment_bytes=1000)
    written = fill(spool, 100)
    spool.acknowledge(spool.peek(5))
    again = reopened(spool, directory)
    assert drain(again) == written[5:]
    again.close()


@pytest.mark.parametrize("kept", [1, 15, 30, -1])
def test_a_torn_tail_is_cut_and_nothing_before_it_lost(spool: Spool, directory: Path, kept: int):
    written = fill(spool, 3)
    whole = segments(directory)[0].read_bytes()
    one = len(whole) // 3
    spool.close()
    segments(directory)[0].write_bytes(whole + whole[:kept] if kept > 0 else whole + whole[: one - 1])
    again = Spool(directory)
    assert again.open()
    assert segments(directory)[0].read_bytes() == whole
    written += fill(again, 1)
    assert drain(again) == written


def test_a_changed_byte_in_the_middle_costs_one_record_and_the_file_is_kept(spool: Spool, directory: Path):
    written = fill(spool, 5)
    spool.close()
    path = segments(directory)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    again = Spool(directory)
    assert again.open()
    assert drain(again) == [*written[:2], *written[3:]]
    assert path.with_suffix(".damaged").read_bytes() == data


def test_appending_while_draining_loses_nothing(directory: Path):
    spool = Spool(directory, segment_bytes=2000)
    written: list[UUID] = []
    over = threading.Event()

    def write(_: int) -> None:
        for _ in range(300):
            written.extend(fill(spool, 1))

    def read() -> list[UUID]:
        found: list[UUID] = []
        while not over.is_set():
            found += drain(spool)  # the spool runs empty, and its file goes, again and again
        return found + drain(spool)

    with ThreadPoolExecutor(max_workers=5) as pool:
        reader = pool.submit(read)
        list(pool.map(write, range(4)))
        over.set()
        found = reader.result()
    assert sorted(found) == sorted(written)
    assert spool.backlog() == 0
    spool.close()


def test_only_one_process_holds_the_spool(spool: Spool, directory: Path):
    other = Spool(directory)
    assert not other.open()
    with pytest.raises(Unavailable, match="another backend") as caught:
        other.append(entry())
    assert caught.value.part == "spool"
    spool.close()
    other.append(entry())
    assert other.held
    other.close()


def test_threads_that_wait_together_share_an_fsync(spool: Spool, monkeypatch: pytest.MonkeyPatch):
    started, release = threading.Event(), threading.Event()
    syncs: list[int] = []

    def slow_sync(descriptor: int) -> None:
        syncs.append(descriptor)
        started.set()
        assert release.wait(60)

    monkeypatch.setattr(segment_module.os, "fdatasync", slow_sync)
    with ThreadPoolExecutor(max_workers=9) as pool:
        first = pool.submit(spool.append, entry())
        assert started.wait(60)
        others = [pool.submit(spool.append, entry()) for _ in range(8)]
        _wait_for_queue(spool, 8)
        release.set()
        for future in [first, *others]:
            future.result()
    assert len(syncs) == 2
    assert spool.backlog() == 9


def _wait_for_queue(spool: Spool, length: int) -> None:
    wait_until(lambda: spool._group.queued() == length, seconds=60, what="threads wait for the fsync")


def test_a_failed_fsync_accepts_nothing_and_leaves_no_trace(
    spool: Spool, directory: Path, monkeypatch: pytest.MonkeyPatch
):
    written = fill(spool, 2)
    before = segments(directory)[0].read_bytes()
    real, calls = os.fdatasync, iter([True])

    def failing_once(descriptor: int) -> None:
        if next(calls, False):
            raise OSError(5, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(segment_module.os, "fdatasync", failing_once)
    with pytest.raises(Unavailable, match="Input/output error"):
        spool.append(entry())
    assert spool.failure == "Input/output error"
    assert segments(directory)[0].read_bytes() == before
    written += fill(spool, 1)
    assert spool.failure is None
    again = reopened(spool, directory)
    assert drain(again) == written


def test_a_disk_that_cannot_even_be_cut_back_is_repaired_before_the_next_record(
    spool: Spool, directory: Path, monkeypatch: pytest.MonkeyPatch
):
    written = fill(spool, 2)
    with monkeypatch.context() as broken:
        broken.setattr(segment_module.os, "fdatasync", _fail)
        for _ in range(3):
            with pytest.raises(Unavailable):
                spool.append(entry())
    written += fill(spool, 1)
    assert drain(reopened(spool, directory)) == written


def _fail(descriptor: int) -> None:
    raise OSError(5, "Input/output error")


def test_a_full_disk_refuses_and_keeps_what_it_has(small_disk: Path):
    spool = Spool(small_disk / "spool")
    written: list[UUID] = []
    with suppress(Unavailable):
        while True:
            written += fill(spool, 1, size=5000)
    with pytest.raises(Unavailable, match="No space left") as caught:
        spool.append(entry(5000))
    assert caught.value.part == "spool"
    assert spool.failure is not None
    again = reopened(spool, small_disk / "spool")
    assert again.backlog() == len(written) > 10
    assert drain(again) == written
    again.check()
    assert fill(again, 1) == drain(again)
    again.close()


def test_a_full_disk_under_many_threads_stores_exactly_what_it_acknowledged(small_disk: Path):
    spool = Spool(small_disk / "spool")
    accepted: list[UUID] = []

    def write(_: int) -> None:
        for _ in range(20):
            item = entry(3000)
            try:
                spool.append(item)
            except Unavailable:
                continue
            accepted.append(item.id)

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(write, range(8)))
    assert 0 < len(accepted) < 160
    stored = drain(reopened(spool, small_disk / "spool"))
    assert sorted(stored) == sorted(accepted)


def test_a_directory_that_cannot_be_written_is_unavailable(tmp_path: Path):
    (tmp_path / "spool").write_text("a file, where a directory should be")
    with pytest.raises(Unavailable, match="spool is not available"):
        Spool(tmp_path / "spool").append(entry())


def test_a_record_set_aside_can_be_read_by_a_person(spool: Spool, directory: Path):
    fill(spool, 1)
    spool.set_aside(spool.peek(1).records[0], "unknown kind")
    assert '"reason": "unknown kind"' in (directory / "refused.jsonl").read_text()
