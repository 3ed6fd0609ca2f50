"""What experiments are kept in."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from incidentops.domain.experiments.document import Scalar
from incidentops.domain.experiments.experiment import Experiment
from incidentops.domain.experiments.runs import Entry, Run
from incidentops.domain.experiments.schedules import Schedule


class ExperimentStore(Protocol):
    """Definitions, runs and schedules in Postgres. Every call raises `Unavailable("postgres", …)`."""

    def experiments(self) -> list[Experiment]:
        """Every definition of our own, by name."""
        ...

    def add(self, experiment: Experiment, at: datetime) -> bool:
        """Keep a new definition; False when there is one of this name."""
        ...

    def put(self, experiment: Experiment, at: datetime) -> None:
        """Keep a definition in place of the one of this name, if there is one."""
        ...

    def remove(self, name: str) -> bool:
        """Forget a definition and its schedules; False when there is none. Its runs stay."""
        ...

    def run(self, run_id: UUID) -> Run | None: ...

    def run_by_number(self, number: int) -> Run | None: ...

    def runs(self, experiment: str | None = None, *, limit: int = 50, before: int | None = None) -> list[Run]:
        """Newest first, those older than the run with the number `before`."""
        ...

    def last_runs(self) -> Mapping[str, Run]:
        """The newest run of each experiment, by name."""
        ...

    def open_runs(self) -> list[Run]:
        """Runs without a verdict."""
        ...

    def entries(self, run_id: UUID) -> list[Entry]:
        """The journal of a run, in order, each line once."""
        ...

    def schedules(self, experiment: str | None = None) -> list[Schedule]:
        """By the name of their experiment, then oldest first."""
        ...

    def put_schedule(self, schedule: Schedule) -> None: ...

    def change_schedule(self, schedule_id: UUID, change: Callable[[Schedule], Schedule]) -> Schedule | None:
        """The schedule after the change, which nothing comes in between of; None when there is none."""
        ...

    def remove_schedule(self, schedule_id: UUID) -> bool: ...

    def claim_due(self, now: datetime) -> list[Schedule]:
        """Schedules whose moment has come, as they were; each is moved on in the same transaction, so that no
        other backend gets it."""
        ...

    def query(self, sql: str, timeout_seconds: float) -> Scalar:
        """The first column of the first row of one SELECT, read-only; None without a row. Raises ValueError in
        the database's words when it refuses the statement or it takes too long."""
        ...
