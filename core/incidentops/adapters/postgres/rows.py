"""Domain objects to rows and back."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.services import RecoveryMode, Verb, Wish
from incidentops.ports import StoredRecovery, StoredWish

Row = Mapping[str, Any]


def action_row(action: Action) -> Row:
    """The parameters of `save_action`. `finished_at` follows from the duration."""
    finished_at = None
    if action.outcome is not Outcome.RUNNING:
        finished_at = action.started_at + timedelta(milliseconds=action.duration_ms or 0.0)
    return {
        "id": action.id,
        "service": storable(action.service),
        "verb": action.verb.value,
        "actor": storable(action.actor),
        "source": action.source.value,
        "outcome": action.outcome.value,
        "message": storable(action.message),
        "started_at": action.started_at,
        "finished_at": finished_at,
        "duration_ms": action.duration_ms,
    }


def action_of(row: Row) -> Action:
    return Action(
        id=row["id"],
        service=row["service"],
        verb=Verb(row["verb"]),
        actor=row["actor"],
        source=Source(row["source"]),
        outcome=Outcome(row["outcome"]),
        message=row["message"],
        started_at=row["started_at"].astimezone(UTC),
        duration_ms=row["duration_ms"],
    )


def wish_row(wish: StoredWish) -> Row:
    """The parameters of `save_wish`."""
    return {
        "service": storable(wish.service),
        "wish": wish.wish.value,
        "actor": storable(wish.actor),
        "at": wish.at,
    }


def wish_of(row: Row) -> StoredWish:
    return StoredWish(row["service"], Wish(row["wish"]), row["actor"], row["at"].astimezone(UTC))


def recovery_row(recovery: StoredRecovery) -> Row:
    """The parameters of `save_recovery`."""
    return {
        "service": storable(recovery.service),
        "mode": recovery.mode.value,
        "actor": storable(recovery.actor),
        "at": recovery.at,
    }


def recovery_of(row: Row) -> StoredRecovery:
    return StoredRecovery(row["service"], RecoveryMode(row["mode"]), row["actor"], row["at"].astimezone(UTC))


def storable(text: str) -> str:
    """Postgres text holds neither NUL nor lone surrogates, which engines' error texts may carry."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
