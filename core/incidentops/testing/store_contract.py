"""What every store and every `Records` does. Twin and real adapter inherit these tests."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Protocol
from uuid import UUID

import pytest

from incidentops.domain.actions import Action, Outcome
from incidentops.domain.decisions import DecisionKind
from incidentops.domain.errors import Unavailable
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.messages.ids import uuid7
from incidentops.ports import ActionFilter, DecisionFilter, Fact, Records, Store
from incidentops.testing.remediation import a_decision, a_guard
from incidentops.testing.store import NOON, a_recovery, a_wish, an_action, ended

EVERYTHING = ActionFilter()


class WritableStore(Store, Protocol):
    """The port with its write side."""

    def write(self, facts: list[Fact]) -> None: ...


class ObservedRecords(Records, Protocol):
    """The port with what metrics and readiness read."""

    def backlog(self) -> int: ...

    def healthy(self) -> bool: ...

    def wait_until_replayed(self, seconds: float) -> bool: ...


Outage = Callable[[], AbstractContextManager[None]]


class StoreContract:
    """Inherit, and define the fixtures `store` (empty) and `outage` (the database is gone in its block)."""

    def test_an_intent_is_read_back_as_it_was_written(self, store: WritableStore) -> None:
        action = an_action()
        store.write([action])
        assert store.action(action.id) == action

    def test_the_outcome_replaces_the_intent(self, store: WritableStore) -> None:
        action = an_action()
        store.write([action])
        store.write([ended(action)])
        assert store.action(action.id) == ended(action)

    def test_the_first_outcome_stands(self, store: WritableStore) -> None:
        action = an_action()
        store.write([action, ended(action, Outcome.FAILED, "port taken")])
        store.write([ended(action, Outcome.INTERRUPTED, "the backend was restarted")])
        assert store.action(action.id) == ended(action, Outcome.FAILED, "port taken")

    def test_the_first_of_several_outcomes_written_together_stands(self, store: WritableStore) -> None:
        action = an_action()
        store.write([action, ended(action, Outcome.FAILED, "port taken"), ended(action), action])
        assert store.action(action.id) == ended(action, Outcome.FAILED, "port taken")

    def test_a_late_intent_does_not_take_the_outcome_back(self, store: WritableStore) -> None:
        action = an_action()
        store.write([ended(action)])
        store.write([action])
        assert store.action(action.id) == ended(action)

    def test_writing_everything_again_changes_nothing(self, store: WritableStore) -> None:
        action, wish = an_action(), a_wish()
        facts: list[Fact] = [action, wish, ended(action), an_action("postgres")]
        store.write(facts)
        before = store.actions(EVERYTHING), store.wishes()
        store.write(facts)
        assert (store.actions(EVERYTHING), store.wishes()) == before

    def test_an_unknown_action_is_none(self, store: WritableStore) -> None:
        assert store.action(UUID(int=1)) is None

    def test_any_text_can_be_stored(self, store: WritableStore) -> None:
        action = ended(an_action("größe/über"), message="bell \a, quote ', emoji \N{FIRE}, %s {0}")
        store.write([action])
        assert store.action(action.id) == action

    def test_times_come_back_in_utc_whatever_zone_they_were_given_in(self, store: WritableStore) -> None:
        action = an_action()
        elsewhere = action.started_at.astimezone(timezone(timedelta(hours=5, minutes=30)))
        store.write([replace(action, started_at=elsewhere)])
        found = store.action(action.id)
        assert found == action
        assert found.started_at.utcoffset() == timedelta(0)

    def test_pages_hold_every_action_once_newest_first(self, store: WritableStore) -> None:
        written = [an_action(after_seconds=number // 3) for number in range(25)]  # three share each moment
        store.write([*written])
        read = _all_pages(store, EVERYTHING, limit=4)
        assert read == sorted(written, key=lambda item: (item.started_at, item.id), reverse=True)

    def test_actions_written_while_paging_do_not_move_the_next_page(self, store: WritableStore) -> None:
        store.write([an_action(after_seconds=number) for number in range(4)])
        first = store.actions(EVERYTHING, limit=2)
        store.write([an_action(after_seconds=100)])
        second = store.actions(EVERYTHING, limit=2, cursor=first.next_cursor)
        assert [item.started_at.second for item in second.items] == [1, 0]
        assert second.next_cursor is None

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            (ActionFilter(service="redis"), {"a", "b"}),
            (ActionFilter(verb=Verb.PING), {"b", "c"}),
            (ActionFilter(actor="bob"), {"c"}),
            (ActionFilter(outcome="running"), {"a", "c"}),
            (ActionFilter(service="redis", outcome="succeeded"), {"b"}),
            (ActionFilter(text="BO"), {"c"}),
            (ActionFilter(text="Done"), {"b"}),
            (ActionFilter(text="100% _"), set()),
            (ActionFilter(service="nowhere"), set()),
        ],
    )
    def test_filters_choose_rows(self, store: WritableStore, where: ActionFilter, expected: set[str]) -> None:
        rows = {
            "a": an_action("redis"),
            "b": ended(an_action("redis", verb=Verb.PING)),
            "c": an_action("postgres", verb=Verb.PING, actor="bob"),
        }
        store.write([*rows.values()])
        ids = {item.id for item in _all_pages(store, where, limit=1)}
        assert ids == {rows[name].id for name in expected}

    @pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é", "!" * 32, "A" * 36, "_" * 36])
    def test_a_cursor_of_someone_else_is_a_value_error(self, store: WritableStore, cursor: str) -> None:
        with pytest.raises(ValueError, match="cursor"):
            store.actions(EVERYTHING, cursor=cursor)

    def test_a_page_of_nothing_is_a_value_error(self, store: WritableStore) -> None:
        with pytest.raises(ValueError, match="limit"):
            store.actions(EVERYTHING, limit=0)

    def test_recent_actions_are_the_newest_of_every_service_oldest_first(self, store: WritableStore) -> None:
        redis = [an_action("redis", after_seconds=number) for number in range(5)]
        postgres = [an_action("postgres", after_seconds=number + 0.5) for number in range(2)]
        store.write([*redis, *postgres])
        assert store.recent_actions(per_service=2) == [postgres[0], postgres[1], redis[3], redis[4]]

    def test_there_are_no_recent_actions_in_an_empty_store(self, store: WritableStore) -> None:
        assert store.recent_actions() == []

    def test_running_actions_are_those_without_an_outcome(self, store: WritableStore) -> None:
        first, second = an_action(after_seconds=1), an_action(after_seconds=2)
        store.write([second, first, ended(an_action())])
        assert store.running_actions() == [first, second]

    def test_the_newest_wish_of_a_service_stands(self, store: WritableStore) -> None:
        newer, older = a_wish(wish=Wish.RUNNING, after_seconds=2), a_wish(after_seconds=1)
        store.write([newer, a_wish("postgres")])
        store.write([older])
        assert store.wishes() == {"redis": newer, "postgres": a_wish("postgres")}

    def test_the_newest_recovery_mode_of_a_service_stands(self, store: WritableStore) -> None:
        newer = a_recovery(mode=RecoveryMode.MANUAL, after_seconds=2)
        store.write([newer, a_recovery("postgres")])
        store.write([a_recovery(after_seconds=1), newer])
        assert store.recoveries() == {"redis": newer, "postgres": a_recovery("postgres")}

    def test_the_newest_guard_of_a_service_stands_with_all_it_remembers(self, store: WritableStore) -> None:
        newer = a_guard(after_seconds=2).failed("port taken\x00", NOON + timedelta(seconds=3))
        store.write([newer])
        store.write([a_guard(after_seconds=1), a_guard("postgres")])
        kept = store.remediation.guards()
        assert kept["redis"].attempts == newer.attempts
        assert (kept["redis"].failures, kept["redis"].at) == (1, newer.at)
        assert kept["postgres"] == a_guard("postgres")

    def test_decisions_are_pages_newest_first_each_row_once(self, store: WritableStore) -> None:
        rows: list[Fact] = [a_decision(after_seconds=number) for number in range(6)]
        store.write(rows)
        store.write([rows[0]])
        everything = DecisionFilter()
        first = store.remediation.decisions(everything, limit=4)
        assert list(first) == rows[:1:-1]
        assert store.remediation.decisions(everything, limit=4, before=first[-1].id) == rows[1::-1]

    def test_decisions_are_filtered_by_service_policy_and_kind(self, store: WritableStore) -> None:
        wanted = replace(a_decision("redis"), kind=DecisionKind.FAILED, policy="careful")
        store.write([a_decision("redis"), wanted, replace(wanted, id=uuid7(), service="billing")])
        where = DecisionFilter("redis", "careful", DecisionKind.FAILED)
        assert store.remediation.decisions(where) == [wanted]

    def test_of_two_wishes_at_one_moment_the_later_written_stands(self, store: WritableStore) -> None:
        store.write([a_wish(wish=Wish.STOPPED), a_wish(wish=Wish.RUNNING)])
        assert store.wishes()["redis"].wish is Wish.RUNNING

    def test_many_threads_may_write_at_once(self, store: WritableStore) -> None:
        written = [[an_action(after_seconds=number) for number in range(20)] for _ in range(8)]

        def write(mine: list[Action]) -> None:
            for action in mine:
                store.write([action])

        with ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(write, written))
        ids = {item.id for item in _all_pages(store, EVERYTHING, limit=50)}
        assert ids == {item.id for mine in written for item in mine}

    @pytest.mark.parametrize(
        "call",
        [
            lambda store: store.ping(),
            lambda store: store.actions(EVERYTHING),
            lambda store: store.action(UUID(int=1)),
            lambda store: store.recent_actions(),
            lambda store: store.running_actions(),
            lambda store: store.wishes(),
            lambda store: store.recoveries(),
            lambda store: store.remediation.guards(),
            lambda store: store.remediation.decisions(DecisionFilter()),
            lambda store: store.write([an_action()]),
        ],
        ids=[
            "ping",
            "actions",
            "action",
            "recent_actions",
            "running_actions",
            "wishes",
            "recoveries",
            "guards",
            "decisions",
            "write",
        ],
    )
    def test_every_call_names_postgres_while_it_is_gone(
        self, store: WritableStore, outage: Outage, call: Callable[[WritableStore], object]
    ) -> None:
        with outage(), pytest.raises(Unavailable) as caught:
            call(store)
        assert caught.value.part == "postgres"


class RecordsContract:
    """Inherit, and define `store` (empty), `records` on it, and `outage`."""

    def test_what_is_saved_is_in_the_store(self, store: WritableStore, records: ObservedRecords) -> None:
        action = an_action()
        records.save_action(action)
        records.save_action(ended(action))
        records.save_wish(a_wish())
        records.save_recovery(a_recovery())
        assert store.action(action.id) == ended(action)
        assert store.wishes() == {"redis": a_wish()}
        assert store.recoveries() == {"redis": a_recovery()}
        assert records.backlog() == 0

    def test_what_is_saved_during_an_outage_arrives_after_it(
        self, store: WritableStore, records: ObservedRecords, outage: Outage
    ) -> None:
        before, during, after = (an_action(after_seconds=number) for number in range(3))
        decision = a_decision()
        records.save_action(before)
        with outage():
            records.save_action(during)
            records.save_action(ended(before))
            records.save_wish(a_wish())
            records.save_recovery(a_recovery())
            records.save_guard(a_guard())
            records.save_decision(decision)
            assert records.backlog() == 6
        records.save_action(after)
        assert records.wait_until_replayed(60)
        assert store.actions(EVERYTHING).items == (after, during, ended(before))
        assert store.wishes() == {"redis": a_wish()}
        assert store.recoveries() == {"redis": a_recovery()}
        assert store.remediation.guards() == records.guards() == {"redis": a_guard()}
        assert store.remediation.decisions(DecisionFilter()) == [decision]

    def test_records_are_healthy_with_and_without_the_store(
        self, records: ObservedRecords, outage: Outage
    ) -> None:
        assert records.healthy()
        with outage():
            records.save_action(an_action())
            assert records.healthy()


def _all_pages(store: WritableStore, where: ActionFilter, *, limit: int) -> list[Action]:
    page = store.actions(where, limit=limit)
    found = list(page.items)
    while page.next_cursor is not None:
        page = store.actions(where, limit=limit, cursor=page.next_cursor)
        assert page.items, "a cursor leads to a page that is not empty"
        found.extend(page.items)
    return found
