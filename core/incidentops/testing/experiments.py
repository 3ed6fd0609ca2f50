"""Ready-made experiments, runs and services."""

from datetime import UTC, datetime
from typing import Any

from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import Run, Trigger
from incidentops.domain.services import (
    Health,
    RecoveryMode,
    Replicas,
    Service,
    ServiceState,
    status_of,
)
from incidentops.messages.ids import uuid7

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def an_experiment(**changes: Any) -> Experiment:
    """Redis is paused for a moment, and billing is to answer all the while."""
    document: dict[str, Any] = {
        "name": "redis-hangs",
        "title": "Redis hangs",
        "hypothesis": {
            "title": "Billing answers",
            "probes": [{"type": "service", "name": "billing answers", "service": "billing"}],
        },
        "method": [
            {"type": "fault", "name": "hang redis", "fault": "pause", "service": "redis"},
            {"type": "pause", "seconds": 0.2},
        ],
        "lease_seconds": 20,
        "recovery_seconds": 1,
    }
    return Experiment.model_validate(document | changes)


def a_run(experiment: Experiment | None = None, at: datetime = NINE) -> Run:
    """A run that alice has just asked for."""
    return Run(
        id=uuid7(),
        experiment=experiment or an_experiment(),
        trigger=Trigger.OPERATOR,
        asked_by="alice",
        requested_at=at,
        heard_at=at,
    )


def a_service(name: str, state: ServiceState = ServiceState.RUNNING, **changes: Any) -> Service:
    """A service of the group `data` as the live view shows it."""
    facts: dict[str, Any] = {
        "name": name,
        "status": status_of(state),
        "state": state,
        "health": Health.NONE,
        "started_at": NINE,
        "finished_at": None,
        "exit_code": None,
        "recovery_mode": RecoveryMode.MANUAL,
        "group": "data",
        "project": "incidentops",
        "image": name,
        "protected": False,
        "depends_on": (),
        "probe": None,
        "replicas": Replicas(1, 1),
        "containers": (f"{name}-1",),
    }
    return Service(**facts | changes)
