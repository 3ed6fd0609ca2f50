"""Remediation put together: runs and their hands, policies and their memory, automatic recovery."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from prometheus_client import CollectorRegistry

from incidentops.domain.actions import Actor
from incidentops.domain.policies import Policy
from incidentops.domain.remediation import Trigger
from incidentops.ports import ActiveFaults, Bus, Clock, PolicySource, Records, RemediationStore
from incidentops_backend.consumers.remediation import RunCommands
from incidentops_backend.reads.remediation_metrics import RemediationMetrics
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.act import Act
from incidentops_backend.use_cases.action_log import ActionLog
from incidentops_backend.use_cases.announce import Announcer
from incidentops_backend.use_cases.locks import ServiceLocks
from incidentops_backend.use_cases.policies.approvals import Approvals
from incidentops_backend.use_cases.policies.book import NoPolicyFiles, PolicyBook
from incidentops_backend.use_cases.policies.care import Care
from incidentops_backend.use_cases.policies.decisions import DecisionLog
from incidentops_backend.use_cases.policies.guards import GuardBook
from incidentops_backend.use_cases.policies.settle import Settle
from incidentops_backend.use_cases.remediate import Remediation, Timing
from incidentops_backend.use_cases.remediate_auto import AutoRemediation
from incidentops_backend.use_cases.remediate_hands import RunHands
from incidentops_backend.use_cases.remediate_runs import Run, Runs


@dataclass(frozen=True, slots=True)
class RemediationRules:
    """What a deployment decides about remediation."""

    timing: Timing = field(default_factory=Timing)
    policies: PolicySource[Policy] = field(default_factory=NoPolicyFiles)


@dataclass(frozen=True, slots=True)
class RemediationParts:
    """What of the rest of the backend remediation stands on."""

    bus: Bus
    records: Records
    clock: Clock
    view: LiveView
    act: Act
    log: ActionLog
    locks: ServiceLocks
    faults: ActiveFaults
    stopping: Event


class RemediationDesk:
    """Everything about remediation, wired."""

    def __init__(self, parts: RemediationParts, rules: RemediationRules) -> None:
        clock, view = parts.clock, parts.view
        self._parts = parts
        self.book = PolicyBook(rules.policies)
        self.guards = GuardBook(parts.records, clock)
        self.decisions = DecisionLog(parts.records, clock)
        self.care = Care(view, self.book, self.guards, self.decisions, faults=parts.faults, clock=clock)
        self.approvals = Approvals(self.guards, self.decisions, clock)
        settle = Settle(self.guards, self.decisions, self.approvals, parts.log, clock)
        self.runs = Runs()
        self.remediation = Remediation(
            parts.bus,
            clock,
            self.runs,
            lambda run: self.hands(run, "backend"),
            rules.timing,
            remediator_down=self._remediator_down,
        )
        self.auto = AutoRemediation(
            view,
            parts.locks,
            self.care,
            settle,
            remediate=self.remediation.remediate,
            stopping=parts.stopping,
        )
        self.approvals.listen(self.auto.heal_soon)
        parts.log.listen(self.care.acted)
        view.listen(self.auto.changed)

    def hands(self, run: Run, by: str) -> RunHands:
        """The hands of one run, carried out by `by`."""
        return RunHands(self._parts.act, self._parts.view, self._parts.log, self.care, run, by=by)

    def commands(self) -> RunCommands:
        """What answers the remediator's commands."""
        return RunCommands(self.runs, lambda run: self.hands(run, "remediator"))

    def remediate_all(self, actor: Actor) -> dict[str, object]:
        """What the operator's button does."""
        return self.remediation.remediate(Trigger.OPERATOR, actor)

    def announce(self, announcer: Announcer, registry: CollectorRegistry) -> None:
        """Tell bus and metrics."""
        metrics = RemediationMetrics(registry, self.guards.all, self._parts.clock)
        self.decisions.listen(metrics.decided)
        self.decisions.listen(announcer.decision_taken)

    def tell_pages(self, changed: Callable[[str, list[str]], None]) -> None:
        """Tell open pages by live topic."""
        self.decisions.listen(lambda row: changed("decisions", [str(row.id)]))
        self.guards.listen(lambda guard: changed("policies", [guard.service]))
        self.book.listen(lambda: changed("policies", []))

    def remember(self) -> None:
        """Take in what this machine remembers."""
        self.guards.take(self._parts.records.guards().values())

    def read(self, store: RemediationStore) -> None:
        """Take in what Postgres remembers. Raises Unavailable."""
        self._parts.records.remember_guards(store.guards().values())
        self.remember()

    def _remediator_down(self) -> bool:
        remediator = self._parts.view.find("remediator")
        return remediator is not None and not remediator.up
