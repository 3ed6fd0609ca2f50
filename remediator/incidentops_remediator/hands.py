"""The remediator's hands: every look, restart, probe and explanation is a command to the backend."""

from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from incidentops.domain.errors import Unavailable
from incidentops.domain.remediation import Decision, Order, Situation
from incidentops.domain.services import Service, Verb
from incidentops.healing import NotRestarted, Pulse, RestartFailed, RunLost
from incidentops.messages.envelope import Message
from incidentops.messages.ids import uuid7
from incidentops.ports import Bus, Clock

ANSWER_SECONDS = 5.0
RESTART_SECONDS = 60.0
"""A restart may take the container's stop grace, after a wait for another action on it."""

EXPIRY_SECONDS = 2.0
"""A restart that nobody has begun by then is not wanted any more: by then the backend has taken over."""

_SITUATION = TypeAdapter(Situation)


class BusHands:
    """The port `Hands` for one run. Raises RunLost when the backend does not answer; it does not answer
    whoever does not hold the run (any more)."""

    def __init__(
        self, bus: Bus, clock: Clock, order: Order, cause: Message, answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._bus, self._clock, self._cause, self._answer_seconds = bus, clock, cause, answer_seconds
        # A fresh holder each time: after a restart of this process it is another that asks.
        self._claim = {"run_id": str(order.run_id), "holder": str(uuid7())}

    def claim(self) -> None:
        """Become the one who carries out the run."""
        self._ask("backend.claim_run", {})

    def look(self) -> Situation:
        return _SITUATION.validate_python(self._ask("backend.services", {}))

    def restart(self, service: Service, verb: Verb) -> None:
        payload = {"service": service.name, "verb": verb}
        if service.started_at is not None:
            payload["expected_started_at"] = service.started_at.isoformat()
        answer = self._ask("backend.act", payload, RESTART_SECONDS)
        if answer["outcome"] == "refused":
            raise NotRestarted(answer["message"])
        if answer["outcome"] == "failed":
            raise RestartFailed(answer["message"])

    def ask(self, name: str) -> Pulse:
        answer = self._ask("backend.act", {"service": name, "verb": Verb.PING})
        return Pulse(answer["alive"], answer["message"], answer["ended"])

    def explain(self, decision: Decision) -> None:
        payload = {"service": decision.service, "verdict": decision.verdict, "reason": decision.reason}
        self._ask("backend.explain", payload)

    def _ask(self, command: str, payload: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        now = self._clock.now()
        message = Message(
            type=command,
            occurred_at=now,
            expires_at=now + timedelta(seconds=EXPIRY_SECONDS),
            actor="remediator",
            correlation_id=self._cause.correlation_id,
            causation_id=self._cause.id,
            payload=self._claim | payload,
        )
        try:
            return self._bus.request(message, timeout_seconds=seconds or self._answer_seconds).payload
        except (Unavailable, TimeoutError) as error:
            raise RunLost(f"{command}: {error}") from error
