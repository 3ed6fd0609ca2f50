"""Records over a store that comes and goes (the twin: its outages are exact)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from incidentops.adapters.postgres.errors import RecordRefused
from incidentops.adapters.spool.durable_records import DurableRecords
from incidentops.adapters.spool.spool import Entry, Spool
from incidentops.domain.errors import Unavailable
from incidentops.domain.services import Wish
from incidentops.messages.ids import uuid7
from incidentops.ports import ActionFilter, Fact
from incidentops.testing.containers import wait_until
from incidentops.testing.store import MemoryStore, a_recovery, a_wish, an_action, ended
from incidentops.testing.store_contract import RecordsContract


class ObservedStore(MemoryStore):
    """Remembers what was written in which order; `before_write` may interfere."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[Fact] = []
        self.before_write: Callable[[Sequence[Fact]], None] = lambda facts: None

    def write(self, facts: Sequence[Fact]) -> None:
        self.before_write(facts)
        super().write(facts)
        self.written.extend(facts)


@pytest.fixture
def store() -> ObservedStore:
    return ObservedStore()


@pytest.fixture
def records(store: ObservedStore, tmp_path: Path) -> Iterator[DurableRecords]:
    records = DurableRecords(store, tmp_path)
    records.start()
    yield records
    records.close()


class TestDurableRecords(RecordsContract):
    @pytest.fixture
    def outage(self, store: ObservedStore) -> Callable[[], AbstractContextManager[None]]:
        return store.away


def test_the_next_process_replays_first_what_the_last_one_left(store: ObservedStore, tmp_path: Path):
    left, new = an_action(), an_action("postgres")
    with store.away():
        first = DurableRecords(store, tmp_path)
        first.start()
        first.save_action(left)
        first.close()
        second = DurableRecords(store, tmp_path)
        second.start()
    second.save_action(new)
    assert second.wait_until_replayed(60)
    assert store.written == [left, new]
    second.close()


def test_a_write_without_an_answer_is_repeated_behind_the_spool(
    store: ObservedStore, records: DurableRecords
):
    action = an_action()
    answers = iter([False])

    def commit_but_do_not_answer(facts: Sequence[Fact]) -> None:
        if not next(answers, True):
            MemoryStore.write(store, facts)
            raise Unavailable("postgres", "no answer in time")

    store.before_write = commit_but_do_not_answer
    records.save_action(action)
    assert records.wait_until_replayed(60)
    assert store.written == [action]
    assert store.actions(ActionFilter()).items == (action,)


def test_a_record_the_database_refuses_holds_nobody_up(
    store: ObservedStore, records: DurableRecords, tmp_path: Path
):
    good, bad, also_good = an_action(), an_action("poison"), an_action("postgres")

    def refuse_poison(facts: Sequence[Fact]) -> None:
        if bad in facts:
            raise RecordRefused("no such thing")

    store.before_write = refuse_poison
    with store.away():
        for action in (good, bad, also_good):
            records.save_action(action)
    assert records.wait_until_replayed(60)
    assert store.written == [good, also_good]
    refused = (tmp_path / "spool" / "refused.jsonl").read_text().splitlines()
    assert len(refused) == 1
    assert str(bad.id) in refused[0]


def test_a_record_of_a_newer_release_is_set_aside(store: ObservedStore, tmp_path: Path):
    spool = Spool(tmp_path / "spool")
    spool.append(Entry("action/2", uuid7(), b"{}"))
    spool.close()
    records = DurableRecords(store, tmp_path)
    records.start()
    assert records.wait_until_replayed(60)
    assert "action/2" in (tmp_path / "spool" / "refused.jsonl").read_text()
    records.close()


def test_the_database_refusing_directly_is_told_to_the_caller(store: ObservedStore, records: DurableRecords):
    def refuse(facts: Sequence[Fact]) -> None:
        raise RecordRefused("no such thing")

    store.before_write = refuse
    with pytest.raises(RecordRefused):
        records.save_action(an_action())


def test_a_surprise_in_the_replay_is_survived(store: ObservedStore, records: DurableRecords):
    surprises = iter([True, True])

    def explode(facts: Sequence[Fact]) -> None:
        if next(surprises, False):
            raise RuntimeError("a bug")

    action = an_action()
    with store.away():
        records.save_action(action)
        store.before_write = explode
    assert records.wait_until_replayed(60)
    assert store.written == [action]


def test_wishes_are_known_without_the_store(store: ObservedStore, tmp_path: Path):
    first = DurableRecords(store, tmp_path)
    first.start()
    first.save_wish(a_wish("redis"))
    with store.away():
        first.save_wish(a_wish("postgres", Wish.RUNNING))
        first.close()
        second = DurableRecords(store, tmp_path)
        assert second.wishes() == {"redis": a_wish("redis"), "postgres": a_wish("postgres", Wish.RUNNING)}


def test_a_wish_that_only_reached_the_spool_is_known_at_the_next_start(store: ObservedStore, tmp_path: Path):
    with store.away():
        first = DurableRecords(store, tmp_path)
        first.start()
        first.save_wish(a_wish())
        first.close()
        (tmp_path / "wishes.json").unlink()  # as if killed between the two writes
        second = DurableRecords(store, tmp_path)
        second.start()
        assert second.wishes() == {"redis": a_wish()}
        second.close()


def test_a_recovery_mode_is_known_without_the_store_also_when_it_only_reached_the_spool(
    store: ObservedStore, tmp_path: Path
):
    with store.away():
        first = DurableRecords(store, tmp_path)
        first.start()
        first.save_recovery(a_recovery())
        first.close()
        assert DurableRecords(store, tmp_path).recoveries() == {"redis": a_recovery()}
        (tmp_path / "recoveries.json").unlink()  # as if killed between the two writes
        second = DurableRecords(store, tmp_path)
        second.start()
        assert second.recoveries() == {"redis": a_recovery()}
        second.close()


def test_with_neither_postgres_nor_disk_a_save_names_the_spool(store: ObservedStore, small_disk: Path):
    records = DurableRecords(store, small_disk)
    records.start()
    big = an_action("x" * 300_000)
    with store.away():
        with pytest.raises(Unavailable, match="No space left") as caught:
            records.save_action(big)
        assert caught.value.part == "spool"
        assert not records.healthy()
    records.save_action(big)  # Postgres alone is enough
    assert store.written == [big]
    wait_until(records.healthy, seconds=60, what="the disk is found to take data again")
    records.close()


def test_a_full_spool_does_not_refuse_what_postgres_takes(store: ObservedStore, small_disk: Path):
    records = DurableRecords(store, small_disk)
    records.start()
    spooled, big = an_action(), an_action("x" * 300_000)
    with store.away():
        records.save_action(spooled)
        store.before_write = _refuse_batches_with(spooled)
    records.save_action(big)
    assert big in store.written
    store.before_write = lambda facts: None
    assert records.wait_until_replayed(60)
    assert store.written == [big, spooled]
    records.close()


def _refuse_batches_with(fact: Fact) -> Callable[[Sequence[Fact]], None]:
    def hold_up(facts: Sequence[Fact]) -> None:
        if fact in facts:
            raise Unavailable("postgres", "not yet")

    return hold_up


def test_a_second_backend_writes_to_postgres_alone(
    store: ObservedStore, records: DurableRecords, tmp_path: Path
):
    second = DurableRecords(store, tmp_path)
    second.start()
    action = an_action()
    second.save_action(action)
    assert store.written == [action]
    assert not second.healthy()
    with store.away(), pytest.raises(Unavailable, match="another backend"):
        second.save_action(ended(action))
    records.close()
    wait_until(second.healthy, seconds=60, what="the second backend takes the spool over")
    second.close()
