"""Batches of signals as JSON values, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from incidentops.domain.alerts import Signal, SignalBatch, SignalKind
from incidentops.domain.severity import Severity


def batch_to_json(batch: SignalBatch) -> dict[str, Any]:
    """A batch as plain JSON values."""
    return {"id": str(batch.id), "signals": [_signal_to_json(signal) for signal in batch.signals]}


def batch_from_json(value: Mapping[str, Any]) -> SignalBatch:
    """Raises KeyError, TypeError or ValueError for anything else than `batch_to_json` gives."""
    return SignalBatch(UUID(value["id"]), tuple(_signal_from_json(item) for item in value["signals"]))


def _signal_to_json(signal: Signal) -> dict[str, Any]:
    return {
        "kind": signal.kind,
        "source": signal.source,
        "dedup_key": signal.dedup_key,
        "at": signal.at.isoformat(),
        "service": signal.service,
        "name": signal.name,
        "severity": signal.severity,
        "summary": signal.summary,
        "fingerprint": signal.fingerprint,
        "labels": dict(signal.labels),
        "annotations": dict(signal.annotations),
        "started_at": signal.started_at.isoformat() if signal.started_at else None,
        "lease_until": signal.lease_until.isoformat() if signal.lease_until else None,
        "upstream": signal.upstream,
        "once": signal.once,
    }


def _signal_from_json(value: Mapping[str, Any]) -> Signal:
    return Signal(
        kind=SignalKind(value["kind"]),
        source=value["source"],
        dedup_key=value["dedup_key"],
        at=datetime.fromisoformat(value["at"]),
        service=value["service"],
        name=value["name"],
        severity=Severity(value["severity"]),
        summary=value["summary"],
        fingerprint=value["fingerprint"],
        labels=value["labels"],
        annotations=value["annotations"],
        started_at=_moment(value["started_at"]),
        lease_until=_moment(value["lease_until"]),
        upstream=tuple(value["upstream"]),
        once=value["once"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
