"""Trying every way to reach somebody, bundling in a storm, keeping secrets out of what is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from incidentops.domain.notifications.bundles import bundled
from incidentops.domain.notifications.contacts import Channel, ContactMethod, Urgency
from incidentops.domain.notifications.notification import (
    LONGEST_PAUSE,
    ROUNDS,
    Kind,
    Notification,
    NotificationState,
    after_failure,
)
from incidentops.domain.notifications.redaction import redacted_answer, redacted_target, unredacted
from incidentops.messages.ids import uuid7

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOOK = ContactMethod(Channel.WEBHOOK, "https://hooks.example/T0/secret")
MAIL = ContactMethod(Channel.EMAIL, "alice@example.org")


def a_page(recipient: str = "alice", *methods: ContactMethod) -> Notification:
    return Notification(
        id=uuid7(),
        kind=Kind.PAGE,
        recipient=recipient,
        urgency=Urgency.HIGH,
        subject="redis is down",
        body="Look",
        methods=methods or (HOOK, MAIL),
        created_at=NOW,
        due_at=NOW,
    )


def test_a_failure_goes_to_the_next_channel_at_once_and_then_begins_again_after_a_pause():
    second = after_failure(a_page(), NOW)
    assert (second.method, second.due_at) == (MAIL, NOW)
    again = after_failure(second, NOW)
    assert (again.method, again.due_at) == (HOOK, NOW + timedelta(seconds=5))


def test_pauses_grow_and_in_the_end_it_is_given_up():
    page, pauses = a_page("alice", MAIL), []
    for _ in range(ROUNDS):
        page = after_failure(page, NOW)
        pauses.append(page.due_at - NOW)
    assert page.state is NotificationState.FAILED
    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert max(pauses) == LONGEST_PAUSE


def test_a_bundle_has_the_key_of_exactly_its_messages():
    one, other = a_page(), a_page()
    [alone], [both], [again] = bundled([one]), bundled([one, other]), bundled([other, one])
    assert alone.key == one.key
    assert both.key == again.key
    assert len({alone.key, other.key, both.key}) == 3


def test_the_key_on_the_wire_is_the_same_for_every_try_of_one_channel_and_differs_between_channels():
    page = a_page()
    second = after_failure(page, NOW)
    assert after_failure(second, NOW).key == page.key != second.key


def test_messages_for_one_person_by_one_channel_go_together_and_none_is_lost():
    pages = [a_page(), a_page("bob"), a_page(), after_failure(a_page(), NOW)]
    bundles = bundled(pages)
    assert [len(bundle.notifications) for bundle in bundles] == [2, 1, 1]
    assert bundles[0].subject == "redis is down (and 1 more)"
    assert {item for bundle in bundles for item in bundle.notifications} == set(pages)


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("https://hooks.slack.example/services/T0/B0/xyz", "https://hooks.slack.example/…"),
        ("http://alice:pw@catcher:8025/hook?token=1", "http://catcher:8025/…"),
        ("tgram://123456:ABCDEF/42", "tgram://…"),
        ("alice@example.org", "alice@example.org"),
        ("http://[broken", "…"),
    ],
)
def test_a_target_is_shown_without_what_opens_it(target: str, shown: str):
    assert redacted_target(target) == shown


def test_an_answer_that_repeats_the_target_is_shown_without_its_secrets():
    target = "https://alice:hunter2@hooks.example/T0AB/s3cret"
    answer = f"404 for {target}: no hook T0AB/s3cret, user alice:hunter2"
    shown = redacted_answer(answer, target)
    assert not [secret for secret in ("s3cret", "hunter2", "T0AB") if secret in shown]


def test_a_target_sent_back_as_it_was_shown_stays_what_it_was():
    shown = ContactMethod(Channel.WEBHOOK, redacted_target(HOOK.target), (Urgency.HIGH,))
    assert unredacted(shown, (MAIL, HOOK)) == ContactMethod(Channel.WEBHOOK, HOOK.target, (Urgency.HIGH,))
    with pytest.raises(ValueError, match="not complete"):
        unredacted(shown, (MAIL,))
