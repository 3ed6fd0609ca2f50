"""What a remediation run does to services: the backend's own hands, and the end of the remediator's."""

from datetime import datetime

from incidentops.domain.actions import Actor, Outcome, Source
from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError, StaleCommand
from incidentops.domain.remediation import Decision, Situation, Trigger, Verdict, is_down, sentence
from incidentops.domain.services import Health, Service, Verb, Wish
from incidentops.healing import NotRestarted, Pulse, RestartFailed
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.act import Act, Terms
from incidentops_backend.use_cases.action_log import ActionLog
from incidentops_backend.use_cases.errors import ServiceBusy, UnknownService
from incidentops_backend.use_cases.policies.care import Care
from incidentops_backend.use_cases.remediate_runs import Run

BUSY_SECONDS = 15.0
"""How long a run waits for another action on a service: a stop with Docker's grace of ten seconds, and some."""

STEADY_SECONDS = 0.5
"""How long a service without a probe must run to count as healed."""

_OUTCOMES = {
    Verdict.RESTARTED: Outcome.SUCCEEDED,
    Verdict.FAILED: Outcome.FAILED,
    Verdict.SKIPPED: Outcome.REFUSED,
}
_AT_REST = frozenset({"exited", "dead", "created"})


class RunHands:
    """The port `Hands` for one run, carried out by `by` (backend or remediator)."""

    def __init__(self, act: Act, view: LiveView, log: ActionLog, care: Care, run: Run, *, by: str) -> None:
        self._act, self._view, self._log, self._care, self._run = act, view, log, care, run
        self._by = Actor(by, Source.AUTO)

    def look(self) -> Situation:
        return self._care.situation(self._run.order)

    def restart(self, service: Service, verb: Verb) -> None:
        try:
            self.restart_by_name(service.name, verb, service.started_at)
        except StaleCommand as error:
            raise NotRestarted("it has started anew meanwhile") from error

    def restart_by_name(self, name: str, verb: Verb, expected_started_at: datetime | None) -> None:
        """The same for a command of the remediator, once per service and run. Raises StaleCommand when the
        service has started anew since."""
        if not self._run.try_once(name):
            raise NotRestarted("this run has restarted it before")
        try:
            self._act.perform(verb, name, self._by, terms=self._terms(expected_started_at))
        except (NotRestarted, UnknownService, ServiceBusy) as error:
            self._run.untried(name)
            raise NotRestarted(str(error)) from error
        except StaleCommand:
            self._run.untried(name)
            raise
        except IncidentOpsError as error:
            self._run.failed(name, str(error))
            raise RestartFailed(str(error)) from error

    def ask(self, name: str) -> Pulse:
        self._let_it_settle(name)
        try:
            result = self._act.probe(name)
        except IncidentOpsError as error:
            return Pulse(alive=False, detail=str(error), ended=isinstance(error, UnknownService))
        last_words = "" if result.alive else self._last_words(name)
        return Pulse(result.alive, last_words or result.detail, ended=bool(last_words))

    def explain(self, decision: Decision) -> None:
        if self._run.decide(decision):
            outcome, message = _OUTCOMES[decision.verdict], sentence(self._run.order, decision)
            self._log.note(decision.service, Verb.REMEDIATE, self._run.asked_by, outcome, message)
            self._care.concluded(self._run.order, decision)

    def _terms(self, expected_started_at: datetime | None) -> Terms:
        by_operator = self._run.order.trigger is Trigger.OPERATOR
        return Terms(expected_started_at, BUSY_SECONDS, a_wish=by_operator, check=self._check)

    def _check(self, service: Service) -> None:
        """Asked while the service is held: what the plan was made on may have changed."""
        trigger = self._run.order.trigger
        if not is_down(service, trigger):
            raise NotRestarted("it came back meanwhile")
        if trigger is Trigger.AUTO and service.wish is Wish.STOPPED:
            raise NotRestarted("the operator stopped it on purpose")

    def _let_it_settle(self, name: str) -> None:
        """Without a probe running is all there is to see: let it show that it does not end at once."""
        service = self._view.find(name)
        if service and service.probe is None and service.health is Health.NONE:
            self._view.wait_for(name, _ended, STEADY_SECONDS)

    def _last_words(self, name: str) -> str:
        """Why nothing of the service runs any more; empty while something does."""
        containers = self._view.containers(name)
        if not _ended(containers):
            return ""
        codes = ", ".join(str(item.exit_code) for item in containers if item.exit_code is not None)
        return f"it started and ended again, exit code {codes or 'unknown'}"


def _ended(containers: list[Container]) -> bool:
    """Whether nothing of it runs, or is about to."""
    return bool(containers) and all(container.status in _AT_REST for container in containers)
