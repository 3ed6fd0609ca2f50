"""Facts as the payload of a spooled record, and back."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from incidentops.adapters.spool.codec import Record
from incidentops.adapters.spool.signals import batch_from_json, batch_to_json
from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.alerts import SignalBatch
from incidentops.domain.decisions import DecisionRow
from incidentops.domain.experiments.runs import Run, RunEntries
from incidentops.domain.faults import Fault
from incidentops.domain.guards import Guard
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.messages.fault_json import fault_from_json, fault_to_json
from incidentops.messages.remediation_json import (
    decision_from_json,
    decision_to_json,
    guard_from_json,
    guard_to_json,
)
from incidentops.ports import Fact, StoredRecovery, StoredWish

ACTION = "action/1"
WISH = "wish/1"
RECOVERY = "recovery/1"
SIGNALS = "signals/1"
GUARD = "guard/1"
DECISION = "decision/1"
RUN = "experiment-run/1"
RUN_ENTRIES = "experiment-entries/1"
FAULT = "fault/1"


class UnknownPayload(ValueError):
    """An intact record that this release cannot read: written by a newer one, or not by us."""


def to_payload(fact: Fact) -> tuple[str, UUID, bytes]:
    """The kind, the id and the payload of the record that keeps this fact. Facts that never change, or carry a
    revision, have an id of their own; the others' records get a fresh one."""
    kind, values = next((kind, values(fact)) for of, kind, values in _WRITERS if isinstance(fact, of))
    identity = fact.id if isinstance(fact, Action | DecisionRow | Fault | SignalBatch) else uuid4()
    return kind, identity, _ascii(values)


def from_record(record: Record) -> Fact:
    """Raises UnknownPayload."""
    try:
        return _READERS[record.kind](json.loads(record.payload))
    except (KeyError, TypeError, ValueError) as error:
        raise UnknownPayload(f"record {record.seq} of kind {record.kind!r}: {error}") from error


def wish_to_json(wish: StoredWish) -> dict[str, Any]:
    """A wish as plain JSON values."""
    return {"service": wish.service, "wish": wish.wish, "actor": wish.actor, "at": wish.at.isoformat()}


def wish_from_json(value: Mapping[str, Any]) -> StoredWish:
    """Raises KeyError, TypeError or ValueError for anything else than `wish_to_json` gives."""
    return StoredWish(
        service=value["service"],
        wish=Wish(value["wish"]),
        actor=value["actor"],
        at=datetime.fromisoformat(value["at"]),
    )


def recovery_to_json(recovery: StoredRecovery) -> dict[str, Any]:
    """A recovery mode as plain JSON values."""
    return {
        "service": recovery.service,
        "mode": recovery.mode,
        "actor": recovery.actor,
        "at": recovery.at.isoformat(),
    }


def recovery_from_json(value: Mapping[str, Any]) -> StoredRecovery:
    """Raises KeyError, TypeError or ValueError for anything else than `recovery_to_json` gives."""
    return StoredRecovery(
        service=value["service"],
        mode=RecoveryMode(value["mode"]),
        actor=value["actor"],
        at=datetime.fromisoformat(value["at"]),
    )


def _action_from_json(value: Mapping[str, Any]) -> Action:
    return Action(
        id=UUID(value["id"]),
        service=value["service"],
        verb=Verb(value["verb"]),
        actor=value["actor"],
        source=Source(value["source"]),
        outcome=Outcome(value["outcome"]),
        message=value["message"],
        started_at=datetime.fromisoformat(value["started_at"]),
        duration_ms=value["duration_ms"],
    )


def _ascii(values: Mapping[str, Any]) -> bytes:
    return json.dumps(values, default=_plain, separators=(",", ":")).encode("ascii")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_WRITERS: Sequence[tuple[type, str, Callable[[Any], Mapping[str, Any]]]] = (
    (Action, ACTION, asdict),
    (StoredWish, WISH, asdict),
    (StoredRecovery, RECOVERY, asdict),
    (Guard, GUARD, guard_to_json),
    (DecisionRow, DECISION, decision_to_json),
    (Run, RUN, lambda run: run.model_dump(mode="json")),
    (RunEntries, RUN_ENTRIES, lambda entries: entries.model_dump(mode="json", exclude_none=True)),
    (Fault, FAULT, fault_to_json),
    (SignalBatch, SIGNALS, batch_to_json),
)
_READERS: Mapping[str, Callable[[Mapping[str, Any]], Fact]] = {
    ACTION: _action_from_json,
    WISH: wish_from_json,
    RECOVERY: recovery_from_json,
    SIGNALS: batch_from_json,
    GUARD: guard_from_json,
    DECISION: decision_from_json,
    RUN: Run.model_validate,
    RUN_ENTRIES: RunEntries.model_validate,
    FAULT: fault_from_json,
}
