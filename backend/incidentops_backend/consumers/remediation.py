"""What the remediator asks of the backend while it holds a run."""

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter

from incidentops.domain.actions import Outcome
from incidentops.domain.errors import MalformedMessage
from incidentops.domain.remediation import Decision, Situation
from incidentops.domain.services import Verb
from incidentops.healing import NotRestarted, RestartFailed
from incidentops.messages.commands import ActOrder, RunClaim, RunDecision
from incidentops_backend.use_cases.remediate_hands import RunHands
from incidentops_backend.use_cases.remediate_runs import Run, Runs

_SITUATION = TypeAdapter(Situation)
_RESTARTS = (Verb.START, Verb.RESTART, Verb.RECREATE)


class RunCommands:
    """Answers the commands of runs. Each raises StaleCommand for whoever does not hold the run."""

    def __init__(self, runs: Runs, hands: Callable[[Run], RunHands]) -> None:
        self._runs, self._hands = runs, hands

    def claim(self, claim: RunClaim) -> dict[str, Any]:
        self._runs.find(claim.run_id).claim(claim.holder)
        return {"run_id": str(claim.run_id)}

    def services(self, claim: RunClaim) -> dict[str, Any]:
        run = self._runs.find(claim.run_id)
        with run.step(claim.holder):
            situation: dict[str, Any] = _SITUATION.dump_python(self._hands(run).look(), mode="json")
            return situation

    def explain(self, told: RunDecision) -> dict[str, Any]:
        run = self._runs.find(told.run_id)
        with run.step(told.holder):
            self._hands(run).explain(Decision(told.service, told.verdict, told.reason))
        return {}

    def act(self, order: ActOrder) -> dict[str, Any]:
        """A restart or a probe of the run that `order` names."""
        if order.run_id is None or order.holder is None:
            raise MalformedMessage("a command of a run names run_id and holder")
        run = self._runs.find(order.run_id)
        with run.step(order.holder):
            if order.verb is Verb.PING:
                return self._ask(run, order.service)
            return self._restart(run, order)

    def _ask(self, run: Run, service: str) -> dict[str, Any]:
        pulse = self._hands(run).ask(service)
        return {"alive": pulse.alive, "message": pulse.detail, "ended": pulse.ended}

    def _restart(self, run: Run, order: ActOrder) -> dict[str, Any]:
        verb = Verb(order.verb)
        if verb not in _RESTARTS:
            raise MalformedMessage(f"a run may start, restart and recreate, not {verb}")
        try:
            self._hands(run).restart_by_name(order.service, verb, order.expected_started_at)
        except NotRestarted as error:
            return {"outcome": Outcome.REFUSED, "message": str(error)}
        except RestartFailed as error:
            return {"outcome": Outcome.FAILED, "message": str(error)}
        return {"outcome": Outcome.SUCCEEDED, "message": ""}
