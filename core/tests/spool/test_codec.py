"""The record codec: what was written is read, and nothing else ever is."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.adapters.spool.codec import Damage, Record, encode, scan

MOMENTS = st.datetimes(timezones=st.just(UTC))
RECORDS = st.builds(
    Record,
    seq=st.integers(0, 2**64 - 1),
    id=st.uuids(),
    received_at=MOMENTS,
    kind=st.text("abcdefgh/0123456789", max_size=40),
    payload=st.text(st.characters(max_codepoint=127), max_size=300).map(str.encode),
)
SEVERAL = st.lists(RECORDS, min_size=1, max_size=5)


def _records(data: bytes) -> list[Record]:
    return [item[1] for item in scan(data) if not isinstance(item, Damage)]


def _damage(data: bytes) -> list[Damage]:
    return [item for item in scan(data) if isinstance(item, Damage)]


@given(SEVERAL)
def test_records_are_read_as_they_were_written(records: list[Record]):
    data = b"".join(map(encode, records))
    assert _records(data) == records
    assert _damage(data) == []


@given(SEVERAL, st.data())
def test_a_cut_leaves_the_records_before_it_and_no_others(records: list[Record], data: st.DataObject):
    encoded = [encode(record) for record in records]
    whole = b"".join(encoded)
    cut = data.draw(st.integers(0, len(whole) - 1))
    intact = [
        record
        for number, record in enumerate(records, start=1)
        if sum(len(part) for part in encoded[:number]) <= cut
    ]
    assert _records(whole[:cut]) == intact
    assert all(damage.at_end for damage in _damage(whole[:cut]))


@given(SEVERAL, st.data())
def test_a_changed_byte_costs_its_own_record_and_no_other(records: list[Record], data: st.DataObject):
    encoded = [encode(record) for record in records]
    victim = data.draw(st.integers(0, len(records) - 1))
    place = data.draw(st.integers(0, len(encoded[victim]) - 1))
    difference = data.draw(st.integers(1, 255))
    changed = bytearray(encoded[victim])
    changed[place] ^= difference
    encoded[victim] = bytes(changed)
    assert _records(b"".join(encoded)) == [*records[:victim], *records[victim + 1 :]]


@given(st.binary(max_size=500))
def test_noise_holds_no_record(noise: bytes):
    assert _records(noise) == []


@given(RECORDS, st.binary(min_size=1, max_size=100), RECORDS)
def test_noise_between_records_is_reported_with_its_place(first: Record, noise: bytes, second: Record):
    head = encode(first)
    data = head + noise + encode(second)
    assert _records(data) == [first, second]
    assert _damage(data) == [Damage(len(head), len(noise), at_end=False)]


@pytest.mark.parametrize("payload", ["ü".encode(), b"x" * ((1 << 20) + 1)], ids=["not ASCII", "too large"])
def test_a_payload_that_no_record_can_hold_is_refused(payload: bytes):
    some = Record(1, uuid4(), datetime(2026, 1, 1, tzinfo=UTC), "action/1", payload)
    with pytest.raises(ValueError, match="payload"):
        encode(some)
