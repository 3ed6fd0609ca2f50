"""What a run can do to the world. It holds no socket: all of it is asked of the backend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from pydantic import TypeAdapter

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.document import Scalar
from incidentops.domain.experiments.experiment import FaultStep, Rollback
from incidentops.domain.experiments.probes import ServiceProbe, SqlProbe
from incidentops.domain.services import Service
from incidentops.messages.envelope import Message
from incidentops.ports import Bus, Clock
from incidentops_chaos.findings import CannotAsk

ANSWER_SECONDS = 4.0
INJECT_SECONDS = 20.0
"""Some mechanisms start a sidecar and measure what it does."""

ACT_SECONDS = 60.0
"""A restart may take the container's stop grace."""

_MAX_WHY = 500
_SERVICES = TypeAdapter(list[Service])


class Refused(IncidentOpsError):
    """The backend answered, and does not do it."""


@dataclass(frozen=True, slots=True)
class FaultNews:
    """A fault as the backend told it last: its state, and how it left its target."""

    state: str
    detail: str


class Hands(Protocol):
    """Every call raises `Unavailable` or `TimeoutError` when the backend does not answer."""

    def look(self) -> Sequence[Service]: ...

    def ask(self, probe: ServiceProbe | SqlProbe) -> Scalar:
        """What the probe found. Raises CannotAsk."""
        ...

    def inject(self, fault_id: UUID, step: FaultStep, lease_seconds: int) -> FaultNews:
        """Returns once the fault is active. Raises Refused."""
        ...

    def undo(self, fault_id: UUID, reason: str) -> FaultNews:
        """Returns once the fault is undone; one that is gone is no error."""
        ...

    def act(self, rollback: Rollback) -> None:
        """Raises Refused."""
        ...

    def stop_chaos(self, reason: str) -> None:
        """Engage the emergency stop."""
        ...


class BusHands:
    """The port `Hands` for one run, by commands to the backend."""

    def __init__(self, bus: Bus, clock: Clock, run_id: UUID, cause: Message) -> None:
        self._bus, self._clock, self._run_id, self._cause = bus, clock, run_id, cause

    def look(self) -> Sequence[Service]:
        return _SERVICES.validate_python(self._ask("list_services", {})["services"])

    def ask(self, probe: ServiceProbe | SqlProbe) -> Scalar:
        seconds = probe.timeout_seconds + ANSWER_SECONDS
        answer = self._ask("ask_probe", {"probe": probe.model_dump(mode="json")}, seconds)
        if error := answer.get("error"):
            raise CannotAsk(error)
        value: Scalar = answer.get("value")
        return value

    def inject(self, fault_id: UUID, step: FaultStep, lease_seconds: int) -> FaultNews:
        order = {
            "fault_id": str(fault_id),
            "run_id": str(self._run_id),
            "service": step.service,
            "fault": step.fault,
            "parameters": step.parameters,
            "lease_seconds": lease_seconds,
            "container": step.container,
        }
        return _news(self._ask("inject_fault", order, INJECT_SECONDS))

    def undo(self, fault_id: UUID, reason: str) -> FaultNews:
        return _news(self._ask("undo_fault", {"fault_id": str(fault_id), "reason": reason}, INJECT_SECONDS))

    def act(self, rollback: Rollback) -> None:
        answer = self._ask("act", {"service": rollback.service, "verb": rollback.verb}, ACT_SECONDS)
        if answer["outcome"] != "succeeded":
            raise Refused(answer["message"])

    def stop_chaos(self, reason: str) -> None:
        why = f"run {self._run_id}: {reason}"
        self._ask("stop_chaos", {"why": why[:_MAX_WHY]}, INJECT_SECONDS)

    def _ask(self, command: str, payload: dict[str, Any], seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        now = self._clock.now()
        message = Message(
            type=f"backend.{command}",
            occurred_at=now,
            expires_at=now + timedelta(seconds=ANSWER_SECONDS),
            actor="chaos",
            correlation_id=self._cause.correlation_id,
            causation_id=self._cause.id,
            payload=payload,
        )
        return self._bus.request(message, timeout_seconds=seconds).payload


def _news(answer: dict[str, Any]) -> FaultNews:
    if refused := answer.get("refused"):
        raise Refused(refused)
    fault = answer["fault"]
    if fault["state"] == "failed":
        raise Refused(fault["reason"] or "it failed")
    result = fault["result"]
    left = result if isinstance(result, str) or result is None else "; ".join(result)
    return FaultNews(fault["state"], left or fault["mechanism"])
