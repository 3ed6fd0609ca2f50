"""Facts as the payload of a spooled record, and back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from incidentops.adapters.spool.codec import Record
from incidentops.adapters.spool.signals import batch_from_json, batch_to_json
from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.alerts import SignalBatch
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.ports import Fact, StoredRecovery, StoredWish

ACTION = "action/1"
WISH = "wish/1"
RECOVERY = "recovery/1"
SIGNALS = "signals/1"


class UnknownPayload(ValueError):
    """An intact record that this release cannot read: written by a newer one, or not by us."""


def to_payload(fact: Fact) -> tuple[str, UUID, bytes]:
    """The kind, the id and the payload of the record that keeps this fact. Actions and batches of signals have
    ids of their own; the others have none, so their record gets a fresh one."""
    if isinstance(fact, SignalBatch):
        return SIGNALS, fact.id, json.dumps(batch_to_json(fact), separators=(",", ":")).encode("ascii")
    payload = json.dumps(asdict(fact), default=_plain, separators=(",", ":")).encode("ascii")
    if isinstance(fact, Action):
        return ACTION, fact.id, payload
    return (WISH if isinstance(fact, StoredWish) else RECOVERY), uuid4(), payload


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


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Fact]] = {
    ACTION: _action_from_json,
    WISH: wish_from_json,
    RECOVERY: recovery_from_json,
    SIGNALS: batch_from_json,
}
