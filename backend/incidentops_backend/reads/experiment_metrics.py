"""What Prometheus scrapes about experiments."""

from collections.abc import Callable
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Histogram

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.report import Report
from incidentops.domain.experiments.runs import Run

_DETECTION_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)
_RECOVERY_BUCKETS = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300)


class ExperimentMetrics:
    """Counts runs by how they ended. `report` tells what a run comes to."""

    def __init__(self, registry: CollectorRegistry, report: Callable[[Run], Report]) -> None:
        self._report = report
        self._counted: set[UUID] = set()
        self._runs = Counter(
            "incidentops_experiment_runs",
            "Runs by how they ended.",
            ["experiment", "verdict"],
            registry=registry,
        )
        self._detection = Histogram(
            "incidentops_experiment_detection_seconds",
            "From the active fault to the first target shown DOWN.",
            ["experiment"],
            buckets=_DETECTION_BUCKETS,
            registry=registry,
        )
        self._recovery = Histogram(
            "incidentops_experiment_recovery_seconds",
            "From the active fault to the last target UP for good.",
            ["experiment"],
            buckets=_RECOVERY_BUCKETS,
            registry=registry,
        )

    def run(self, run: Run) -> None:
        """One state of one run; its end is counted once."""
        if run.verdict is None or run.id in self._counted:
            return
        self._counted.add(run.id)
        name = run.experiment.name
        self._runs.labels(name, run.verdict).inc()
        try:
            found = self._report(run)
        except IncidentOpsError:  # no journal to be had: the run itself is counted
            return
        if found.detection_seconds is not None:
            self._detection.labels(name).observe(found.detection_seconds)
        if found.recovery_seconds is not None and not found.masked:
            self._recovery.labels(name).observe(found.recovery_seconds)
