"""Tells the bus what happened. Events wait here while the broker is away."""

import threading
from collections import deque
from datetime import datetime
from typing import Any

import structlog

from incidentops.domain.actions import Action, Outcome
from incidentops.domain.decisions import DecisionKind, DecisionRow
from incidentops.domain.errors import Unavailable
from incidentops.domain.faults import Fault
from incidentops.messages.envelope import Message
from incidentops.messages.fault_json import fault_to_json
from incidentops.ports import Bus, Clock
from incidentops_backend.reads.view import Change

log = structlog.get_logger()

KEPT = 10_000
_RETRY_SECONDS = 1.0


class Announcer:
    """An outbox in memory, published in order by one thread; past `KEPT` the oldest event makes room."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus, self._clock = bus, clock
        self._waiting: deque[Message] = deque(maxlen=KEPT)
        self._wake = threading.Event()
        self._stopped = threading.Event()

    def services_changed(self, change: Change) -> None:
        for service in change.changed:
            payload = {"service": service.name, "status": service.status, "state": service.state}
            self._add("service.changed", "backend", payload, self._clock.now())

    def action_changed(self, action: Action) -> None:
        if action.outcome is Outcome.RUNNING:
            return
        payload = {
            "action_id": str(action.id),
            "service": action.service,
            "verb": action.verb,
            "outcome": action.outcome,
            "message": action.message,
        }
        self._add("action.finished", action.actor, payload, self._clock.now())

    def decision_taken(self, row: DecisionRow) -> None:
        """Only giving a service up concerns others: incidents take it from here."""
        if row.kind is not DecisionKind.ESCALATED:
            return
        payload = {
            "decision_id": str(row.id),
            "service": row.service,
            "policy": row.policy,
            "reason": row.reason,
        }
        self._add("remediation.escalated", row.by, payload, row.at)

    def fault_changed(self, fault: Fault) -> None:
        self._add("fault.changed", fault.requested_by, {"fault": fault_to_json(fault)}, self._clock.now())

    def run(self) -> None:
        """Publish until `stop`; what the broker has not confirmed stays first in line."""
        while not self._stopped.is_set():
            self._wake.wait()
            self._wake.clear()
            self.flush()

    def flush(self) -> None:
        """Publish what waits, waiting for the broker if it is away."""
        while self._waiting and not self._stopped.is_set():
            self._publish_first()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def _publish_first(self) -> None:
        message = self._waiting[0]
        try:
            self._bus.publish(message)
        except Unavailable:
            self._stopped.wait(_RETRY_SECONDS)
            return
        if self._waiting and self._waiting[0] is message:
            self._waiting.popleft()

    def _add(self, message_type: str, actor: str, payload: dict[str, Any], at: datetime) -> None:
        self._waiting.append(Message(type=message_type, occurred_at=at, actor=actor, payload=payload))
        self._wake.set()
