"""Facts survive the way into a record and back."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.adapters.spool.codec import Record
from incidentops.adapters.spool.facts import UnknownPayload, from_record, to_payload
from incidentops.domain.actions import Action
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.experiments.runs import RunEntries
from incidentops.domain.guards import Approval, Guard
from incidentops.ports import Fact, StoredRecovery, StoredWish
from incidentops.testing.experiments import a_run, an_entry, an_experiment
from incidentops.testing.faults import a_fault

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC))
ACTIONS = st.builds(Action, started_at=MOMENTS, duration_ms=st.none() | st.floats(0, 1e9))
WISHES = st.builds(StoredWish, at=MOMENTS)
RECOVERIES = st.builds(StoredRecovery, at=MOMENTS)
FAULTS = st.builds(a_fault, service=st.text(), reason=st.none() | st.text(), active_at=st.none() | MOMENTS)


APPROVALS = st.builds(Approval, asked_at=MOMENTS, expires_at=MOMENTS)
GUARDS = st.builds(
    Guard,
    at=MOMENTS,
    attempts=st.lists(MOMENTS, max_size=3).map(tuple),
    rest_until=st.none() | MOMENTS,
    approval=st.none() | APPROVALS,
)
DECISIONS = st.builds(DecisionRow, at=MOMENTS)

RUNS = st.builds(a_run, st.builds(an_experiment, title=st.text(min_size=1, max_size=9)))
RUN_ENTRIES = st.builds(
    RunEntries, run_id=st.uuids(), entries=st.lists(st.builds(an_entry, st.integers(1, 9))).map(tuple)
)


@given(ACTIONS | WISHES | RECOVERIES | FAULTS | RUNS | RUN_ENTRIES | GUARDS | DECISIONS)
def test_a_fact_is_read_as_it_was_written(fact: Fact):
    kind, identity, payload = to_payload(fact)
    assert payload.isascii()
    assert from_record(Record(1, identity, NOW, kind, payload)) == fact


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("action/9", b"{}"),
        ("action/1", b"{}"),
        ("action/1", b"not JSON"),
        ("action/1", b"[]"),
        ("wish/1", b'{"service":"redis","wish":"sideways","actor":"alice","at":"2026-03-01"}'),
    ],
)
def test_a_payload_of_another_release_is_named_not_guessed(kind: str, payload: bytes):
    with pytest.raises(UnknownPayload, match="record 7"):
        from_record(Record(7, uuid4(), NOW, kind, payload))
