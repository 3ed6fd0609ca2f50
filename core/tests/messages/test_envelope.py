from datetime import UTC, datetime, timedelta

import pytest

from incidentops.domain.errors import MalformedMessage
from incidentops.messages.envelope import MAX_BYTES, Message, decode

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def message(**fields):
    return Message(type="worker.ping", occurred_at=AT, actor="alice", **fields)


def test_a_message_survives_the_way_over_the_bus():
    sent = message(payload={"service": "redis"}, traceparent="00-a-b-01", expires_at=AT)
    assert decode(sent.encode()) == sent


def test_a_message_expires_after_its_moment_not_at_it():
    assert not message(expires_at=AT).expired(AT)
    assert message(expires_at=AT).expired(AT + timedelta(milliseconds=1))
    assert not message().expired(AT)


def test_every_wrong_field_is_named_and_no_value_repeated():
    with pytest.raises(MalformedMessage) as failure:
        decode(b'{"type": "Bad Type", "actor": "", "secret": "hunter2"}')
    assert all(word in str(failure.value) for word in ("type", "actor", "occurred_at", "secret"))
    assert "hunter2" not in str(failure.value)


def test_a_message_too_large_is_refused_before_it_is_read():
    with pytest.raises(MalformedMessage, match=str(MAX_BYTES)):
        decode(b" " * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "name", ["ping", "worker.", ".ping", "worker.ping; rm", "Worker.ping", "worker..ping"]
)
def test_a_type_is_lower_case_words_joined_by_dots(name: str):
    with pytest.raises(ValueError, match="type"):
        Message(type=name, occurred_at=AT, actor="alice")


def test_ids_sort_by_the_time_they_were_made():
    ids = [message().id for _ in range(3)]
    assert all(each.version == 7 for each in ids)
    assert [each.int >> 80 for each in ids] == sorted(each.int >> 80 for each in ids)
