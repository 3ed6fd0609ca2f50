"""What every outbox does. Twin and real adapter inherit these tests."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from incidentops.domain.notifications.bundles import BURST, GATHER
from incidentops.domain.notifications.contacts import Urgency
from incidentops.domain.notifications.notification import (
    AttemptOutcome,
    Notification,
    NotificationState,
    after_failure,
    delivered,
)
from incidentops.ports.outbox import LEASE, Finished, Outbox, ToldFilter
from incidentops.testing.directory import HOOK, MAIL
from incidentops.testing.outbox import NOON, a_page

SECOND = timedelta(seconds=1)


def ended(claimed: Notification, at: datetime = NOON, answer: str = "200 OK") -> Finished:
    return Finished(delivered(claimed, at), AttemptOutcome.DELIVERED, answer, at)


def failed(claimed: Notification, at: datetime = NOON) -> Finished:
    return Finished(after_failure(claimed, at), AttemptOutcome.FAILED, "500", at)


class OutboxContract:
    """Inherit, and define the fixture `outbox` (empty)."""

    def test_a_message_is_claimed_once_and_delivered_with_its_answer(self, outbox: Outbox) -> None:
        page = a_page()
        outbox.enqueue([page])
        (claimed,) = outbox.claim(NOON)
        assert (claimed.id, claimed.state, claimed.attempts) == (page.id, NotificationState.SENDING, 1)
        assert outbox.claim(NOON) == []
        outbox.finish([ended(claimed)])
        told = outbox.find(page.id)
        assert told is not None
        assert told.notification == delivered(claimed, NOON)
        (attempt,) = told.attempts
        assert (attempt.outcome, attempt.answer, attempt.key) == (
            AttemptOutcome.DELIVERED,
            "200 OK",
            page.key,
        )

    def test_what_is_not_due_waits(self, outbox: Outbox) -> None:
        outbox.enqueue([a_page(after_seconds=60)])
        assert outbox.claim(NOON) == []
        assert len(outbox.claim(NOON + 60 * SECOND)) == 1

    def test_enqueueing_again_changes_nothing(self, outbox: Outbox) -> None:
        page = a_page()
        outbox.enqueue([page])
        (claimed,) = outbox.claim(NOON)
        outbox.finish([ended(claimed)])
        outbox.enqueue([page])
        assert outbox.claim(NOON + 120 * SECOND) == []

    def test_a_failure_tries_the_next_channel_at_once(self, outbox: Outbox) -> None:
        outbox.enqueue([a_page()])
        (first,) = outbox.claim(NOON)
        outbox.finish([failed(first)])
        (second,) = outbox.claim(NOON)
        assert (first.method, second.method, second.attempts) == (HOOK, MAIL, 2)

    def test_what_a_dead_sender_had_in_hand_is_interrupted_and_tried_again_with_the_same_key(
        self, outbox: Outbox
    ) -> None:
        page = a_page()
        outbox.enqueue([page])
        outbox.claim(NOON)
        assert outbox.claim(NOON + LEASE - SECOND) == []
        (again,) = outbox.claim(NOON + LEASE)
        told = outbox.find(page.id)
        assert told is not None
        assert [attempt.outcome for attempt in told.attempts] == [
            AttemptOutcome.INTERRUPTED,
            AttemptOutcome.RUNNING,
        ]
        assert {attempt.key for attempt in told.attempts} == {again.key}

    def test_a_late_answer_does_not_disturb_the_sender_that_took_over(self, outbox: Outbox) -> None:
        outbox.enqueue([a_page()])
        (slow,) = outbox.claim(NOON)
        (taken_over,) = outbox.claim(NOON + LEASE)
        outbox.finish([failed(slow, NOON + LEASE)])
        found = outbox.find(slow.id)
        assert found is not None
        assert found.notification == taken_over

    def test_urgent_messages_that_were_never_tried_go_first(self, outbox: Outbox) -> None:
        tried, low = a_page("alice"), a_page("bob", urgency=Urgency.LOW, after_seconds=-9)
        outbox.enqueue([tried, low])
        (first, _) = outbox.claim(NOON)
        outbox.finish([failed(first)])
        fresh = a_page("dora")
        outbox.enqueue([fresh])
        assert [item.recipient for item in outbox.claim(NOON)] == ["dora", "alice"]

    def test_in_a_storm_a_person_gets_a_few_one_by_one_and_the_rest_together(self, outbox: Outbox) -> None:
        for number in range(BURST):
            outbox.enqueue([a_page(after_seconds=number)])
            at = NOON + number * SECOND
            outbox.finish([ended(item, at) for item in outbox.claim(at)])
        storm = [a_page(after_seconds=BURST) for _ in range(30)]
        outbox.enqueue([*storm, a_page("bob", after_seconds=BURST)])
        at = NOON + BURST * SECOND
        assert [item.recipient for item in outbox.claim(at)] == ["bob"]
        assert len(outbox.claim(at + GATHER)) == len(storm)

    def test_of_many_senders_at_once_each_message_has_one(self, outbox: Outbox) -> None:
        pages = [a_page(f"user-{number}") for number in range(40)]
        outbox.enqueue(pages)
        with ThreadPoolExecutor(4) as pool:
            claimed = [
                item for batch in pool.map(lambda _: outbox.claim(NOON, limit=15), range(4)) for item in batch
            ]
        rest = outbox.claim(NOON, limit=40)
        assert sorted(item.id for item in (*claimed, *rest)) == sorted(page.id for page in pages)

    def test_lists_are_newest_first_filtered_and_paged(self, outbox: Outbox) -> None:
        pages = [a_page("alice" if number % 2 else "bob", after_seconds=-number) for number in range(5)]
        outbox.enqueue(pages)
        first = outbox.told(ToldFilter(), limit=3)
        second = outbox.told(ToldFilter(), limit=3, cursor=first.next_cursor)
        assert [told.notification for told in (*first.items, *second.items)] == pages
        assert second.next_cursor is None
        bobs = outbox.told(ToldFilter(NotificationState.PENDING, "bob"))
        assert [told.notification for told in bobs.items] == pages[::2]

    def test_a_cursor_of_another_list_is_refused(self, outbox: Outbox) -> None:
        with pytest.raises(ValueError, match="not a cursor"):
            outbox.told(ToldFilter(), cursor="bm9uc2Vuc2U=")

    def test_an_urgent_message_that_nobody_has_got_is_overdue(self, outbox: Outbox) -> None:
        outbox.enqueue([a_page(), a_page("bob", urgency=Urgency.LOW)])
        assert (outbox.overdue(NOON), outbox.overdue(NOON + SECOND)) == (0, 1)
        (*_,) = claimed = outbox.claim(NOON)
        assert outbox.overdue(NOON + SECOND) == 1
        outbox.finish([ended(item) for item in claimed])
        assert outbox.overdue(NOON + SECOND) == 0

    def test_targets_are_shown_without_their_secrets(self, outbox: Outbox) -> None:
        page = a_page(methods=(replace(HOOK, target="https://hooks.example/T0/secret"),))
        outbox.enqueue([page])
        outbox.claim(NOON)
        told = outbox.find(page.id)
        assert told is not None
        assert told.attempts[0].target == "https://hooks.example/…"
