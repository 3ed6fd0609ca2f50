"""Puts the experiments together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask_openapi3.blueprint import APIBlueprint
from prometheus_client import CollectorRegistry

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.runs import Run
from incidentops.domain.faults import Fault
from incidentops.ports import Bus, Clock, ExperimentStore, FaultStore, IncidentStore, Records, Store
from incidentops_backend.bootstrap.faults import Faults
from incidentops_backend.consumers.experiments import ExperimentCommands, ProgressHandler
from incidentops_backend.consumers.reading import Answer
from incidentops_backend.http.experiment_files import experiment_files_routes
from incidentops_backend.http.experiment_reports import experiment_reports_routes
from incidentops_backend.http.experiment_runs import experiment_runs_routes
from incidentops_backend.http.experiment_schedules import experiment_schedules_routes
from incidentops_backend.http.experiments import experiments_routes
from incidentops_backend.reads.experiment_metrics import ExperimentMetrics
from incidentops_backend.reads.live_runs import LiveRuns
from incidentops_backend.reads.recent_actions import RecentActions
from incidentops_backend.reads.view import LiveView
from incidentops_backend.threads import Threads
from incidentops_backend.use_cases.act import Act
from incidentops_backend.use_cases.experiments.bounds import Bounds
from incidentops_backend.use_cases.experiments.definitions import Definitions, read_library
from incidentops_backend.use_cases.experiments.dry_run import DryRun
from incidentops_backend.use_cases.experiments.history import RunHistory
from incidentops_backend.use_cases.experiments.rehearsal import Rehearsal
from incidentops_backend.use_cases.experiments.runs import ExperimentRuns
from incidentops_backend.use_cases.experiments.schedules import Schedules

SUPERVISE_SECONDS = 1.0
TOPIC = "experiments"

Changed = Callable[[str, Iterable[str]], None]


@dataclass(frozen=True, slots=True)
class ExperimentPorts:
    """What experiments stand on beside the ports of everything: their store, that of faults, and the directory
    of the library."""

    store: ExperimentStore
    faults: FaultStore
    library: Path


class Experiments:
    """Definitions, runs, schedules and everything around them."""

    def __init__(
        self,
        ports: ExperimentPorts,
        *,
        bus: Bus,
        clock: Clock,
        records: Records,
        actions: Store,
        incidents: IncidentStore,
        recent: RecentActions,
        view: LiveView,
        faults: Faults,
    ) -> None:
        self._ports, self._bus, self._view, self._faults = ports, bus, view, faults
        store, live = ports.store, LiveRuns()
        self._bounds = Bounds(view, incidents, Rehearsal(view, faults.requests))
        self.definitions = Definitions(read_library(ports.library), store, clock)
        self.runs = ExperimentRuns(
            bus=bus,
            clock=clock,
            records=records,
            store=store,
            bounds=self._bounds,
            live=live,
            desk=faults.desk,
            faults=faults.active,
            emergency=faults.emergency,
        )
        self.history = RunHistory(
            live, store, faults=ports.faults, active=faults.active, actions=actions, recent=recent
        )
        self.schedules = Schedules(store, self.definitions, self.runs, clock)

    def routes(self) -> list[APIBlueprint]:
        dry_run = DryRun(self._view, self.runs, self._bounds)
        return [
            experiments_routes(self.definitions, self.history, self._ports.store),
            experiment_files_routes(self.definitions),
            experiment_reports_routes(self.history),
            experiment_runs_routes(self.definitions, self.runs, dry_run, self.history),
            experiment_schedules_routes(self.schedules),
        ]

    def commands(self, act: Act) -> Mapping[str, Answer]:
        return ExperimentCommands(self._view, act, self._ports.store).answers()

    def connect(self, registry: CollectorRegistry, changed: Changed) -> None:
        """Let everyone hear of runs, and the runs of services."""
        metrics = ExperimentMetrics(registry, self.history.report)
        self.runs.listen(metrics.run)
        self.runs.listen(lambda run: changed(TOPIC, _addresses(run)))
        self.schedules.listen(lambda schedule: changed(TOPIC, (schedule.experiment,)))
        self._faults.book.listen(lambda fault: changed(TOPIC, _run_that_may_be_clean(fault)))
        self._view.listen(self.runs.services_changed)

    def start(self, threads: Threads) -> None:
        self._bus.subscribe("backend.events", ProgressHandler(self.runs))
        threads.every(SUPERVISE_SECONDS, "experiment-runs", self.runs.supervise)
        threads.every(SUPERVISE_SECONDS, "experiment-schedules", self.schedules.run_due)
        threads.run("experiment-recall", lambda: self._recall(threads))

    def _recall(self, threads: Threads) -> None:
        """Once Postgres answers for the first time."""
        while not threads.stopping.is_set():
            try:
                self.runs.recall()
            except Unavailable:
                threads.stopping.wait(SUPERVISE_SECONDS)
            else:
                return


def _run_that_may_be_clean(fault: Fault) -> tuple[str, ...]:
    """The run whose report says more now: its faults may end after it."""
    return (str(fault.run_id),) if fault.ended and fault.run_id else ()


def _addresses(run: Run) -> tuple[str, str]:
    return str(run.id), run.experiment.name
