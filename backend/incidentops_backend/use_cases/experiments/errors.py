"""Why an experiment is not kept, or not run."""

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.runs import Run


class UnknownExperiment(IncidentOpsError):
    """Neither the library nor we have one of this name; `known` lists those there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no experiment {name!r}. Known: {', '.join(known) or 'none'}.")
        self.known = known


class UnknownRun(IncidentOpsError):
    """Nobody has asked for a run with this id or number."""


class UnknownSchedule(IncidentOpsError):
    """The experiment has no schedule with this id."""


class NameTaken(IncidentOpsError):
    """There is an experiment of this name; the library's cannot be changed, only copied."""


class OutOfBounds(IncidentOpsError):
    """The experiment reaches further than it may; `objections` says in which respects."""

    def __init__(self, objections: list[str]) -> None:
        super().__init__("; ".join(objections))
        self.objections = objections


class RunInProgress(IncidentOpsError):
    """One experiment runs at a time: of two, nobody could say which did what."""

    def __init__(self, run: Run) -> None:
        super().__init__(f"{run.experiment.name} is being run, and one experiment runs at a time.")
        self.run = run


class RunEnded(IncidentOpsError):
    """There is nothing left to halt."""
