"""The experiments there are: the library's files, and our own in Postgres."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.chaostoolkit import InvalidExperiment, read_experiment
from incidentops.domain.experiments.experiment import Experiment
from incidentops.ports import Clock, ExperimentStore
from incidentops_backend.use_cases.experiments.errors import NameTaken, UnknownExperiment

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Definition:
    """An experiment, and whether it is the library's, which nobody changes."""

    experiment: Experiment
    of_library: bool


def read_library(directory: Path) -> Mapping[str, Experiment]:
    """The experiments of a directory by name. One that cannot be read is left out and logged with its lines."""
    library: dict[str, Experiment] = {}
    for path in sorted(directory.glob("*.json")):
        try:
            experiment = read_experiment(path.read_text("utf-8"))
        except (InvalidExperiment, OSError) as error:
            log.error("experiment_not_read", file=path.name, reason=str(error))
        else:
            library[experiment.name] = experiment
    return library


class Definitions:
    """Reads need Postgres only for our own; writes raise Unavailable while it is away."""

    def __init__(self, library: Mapping[str, Experiment], store: ExperimentStore, clock: Clock) -> None:
        self._library, self._store, self._clock = library, store, clock

    def all(self) -> list[Definition]:
        """The library's, then our own; while Postgres is away, the library's alone."""
        library = [Definition(item, of_library=True) for _, item in sorted(self._library.items())]
        try:
            own = self._store.experiments()
        except Unavailable:
            return library
        return library + [Definition(item, of_library=False) for item in own]

    def find(self, name: str) -> Definition:
        """Raises UnknownExperiment, and Unavailable when only Postgres could know it."""
        if name in self._library:
            return Definition(self._library[name], of_library=True)
        own = {item.name: item for item in self._store.experiments()}
        if name not in own:
            raise UnknownExperiment(name, sorted({*self._library, *own}))
        return Definition(own[name], of_library=False)

    def add(self, experiment: Experiment) -> None:
        """Raises NameTaken."""
        self._refuse_library(experiment.name)
        if not self._store.add(experiment, self._clock.now()):
            raise NameTaken(f"There is an experiment {experiment.name!r} already.")

    def put(self, experiment: Experiment) -> None:
        """Keep it in place of the one of this name, if there is one. Raises NameTaken for the library's."""
        self._refuse_library(experiment.name)
        self._store.put(experiment, self._clock.now())

    def remove(self, name: str) -> None:
        """Raises UnknownExperiment, and NameTaken for the library's."""
        self._refuse_library(name)
        if not self._store.remove(name):
            raise UnknownExperiment(name, [item.experiment.name for item in self.all()])

    def _refuse_library(self, name: str) -> None:
        if name in self._library:
            raise NameTaken(
                f"{name!r} belongs to the library, which is not changed: copy it under another name."
            )
