"""What every history and every journal of faults does. Twin and real adapter inherit these tests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from incidentops.domain.faults import Fault, FaultState
from incidentops.messages.ids import uuid7
from incidentops.ports import Fact, FaultFilter, FaultJournal, FaultStore
from incidentops.ports.faults import EmergencyStop
from incidentops.testing.faults import NOON, a_fault

ANY = FaultFilter()


class StoreWithFaults(Protocol):
    """A store that takes facts, and its history of faults."""

    @property
    def faults(self) -> FaultStore: ...

    def write(self, facts: list[Fact]) -> None: ...


def a_whole_fault(**facts: Any) -> Fault:
    """A fault with something in every field."""
    return a_fault(
        state=FaultState.FAILED,
        parameters={"percent": 30.0},
        active_at=NOON + timedelta(seconds=1),
        ends_at=NOON + timedelta(seconds=31),
        undone_at=NOON + timedelta(seconds=32),
        run_id=uuid7(),
        snapshot={"rules": "table ip nat {\n}"},
        plan={"hold": {"arriving": ["counter drop"]}, "volume": None},
        measured={"packets_hit": 12},
        result=("rules: was 'a', is 'b'",),
        reason="the lease ended",
        **facts,
    )


class FaultStoreContract:
    """Inherit, and define the fixture `store` (empty)."""

    def test_a_fault_is_read_back_as_it_was_written(self, store: StoreWithFaults) -> None:
        fault = a_whole_fault()
        store.write([fault])
        assert store.faults.fault(fault.id) == fault
        assert store.faults.faults(ANY) == [fault]

    def test_nobody_knows_a_fault_that_was_never_written(self, store: StoreWithFaults) -> None:
        assert store.faults.fault(uuid7()) is None

    def test_the_highest_revision_stands_in_whatever_order_they_come(self, store: StoreWithFaults) -> None:
        fault = a_fault()
        active = fault.injecting(NOON).becoming(FaultState.ACTIVE, active_at=NOON)
        store.write([active])
        store.write([fault, fault.injecting(NOON)])
        assert store.faults.fault(fault.id) == active

    def test_faults_are_found_by_service_state_and_run(self, store: StoreWithFaults) -> None:
        run = uuid7()
        first, second = a_fault("redis"), a_fault("billing", run_id=run)
        third = a_fault("redis", state=FaultState.ACTIVE)
        store.write([first, second, third])
        assert store.faults.faults(FaultFilter(service="redis")) == [third, first]
        assert store.faults.faults(FaultFilter(state=FaultState.ACTIVE)) == [third]
        assert store.faults.faults(FaultFilter(run_id=run)) == [second]

    def test_pages_go_on_where_the_last_one_ended(self, store: StoreWithFaults) -> None:
        faults = [a_fault() for _ in range(5)]
        store.write([*faults])
        page = store.faults.faults(ANY, limit=2)
        rest = store.faults.faults(ANY, limit=10, before=page[-1].id)
        assert [*page, *rest] == faults[::-1]
        assert store.faults.faults(ANY, before=uuid7()) == []

    def test_an_engine_s_words_may_hold_anything(self, store: StoreWithFaults) -> None:
        odd = a_fault(reason="a NUL \x00 and a backslash \\u0000 and \U0001f525")
        store.write([odd])
        read = store.faults.fault(odd.id)
        assert read is not None
        assert (read.reason or "").endswith("\\u0000 and \U0001f525")


Reopen = Callable[[], FaultJournal]


class FaultJournalContract:
    """Inherit, and define the fixture `reopen`, which gives the journal as a later process finds it."""

    def test_what_has_not_ended_is_remembered_across_processes(self, reopen: Reopen) -> None:
        fault, other = a_fault(), a_whole_fault().becoming(FaultState.ACTIVE, result=None)
        journal = reopen()
        journal.put(fault)
        journal.put(other)
        journal.put(fault.injecting(NOON))
        assert {item.id: item for item in reopen().faults()} == {
            fault.id: fault.injecting(NOON),
            other.id: other,
        }

    def test_what_has_ended_is_forgotten(self, reopen: Reopen) -> None:
        journal = reopen()
        journal.put(fault := a_fault())
        journal.put(fault.becoming(FaultState.UNDONE))
        assert reopen().faults() == []

    def test_the_emergency_stop_outlives_the_process_until_it_is_released(self, reopen: Reopen) -> None:
        assert reopen().stopped() is None
        stop = EmergencyStop(NOON, "alice", "enough")
        reopen().set_stopped(stop)
        assert reopen().stopped() == stop
        reopen().set_stopped(None)
        assert reopen().stopped() is None
