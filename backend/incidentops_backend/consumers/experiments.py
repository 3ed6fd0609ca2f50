"""What chaos asks of the backend while it carries a run out, and what it tells of it."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.document import Scalar
from incidentops.domain.experiments.probes import ServiceProbe, SqlProbe
from incidentops.domain.experiments.runs import Progress
from incidentops.domain.services import Service
from incidentops.messages.commands import AskProbe, ListServices
from incidentops.messages.envelope import Message
from incidentops.ports import ExperimentStore
from incidentops_backend.consumers.reading import Answer, read_payload
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.act import Act
from incidentops_backend.use_cases.experiments.runs import ExperimentRuns

_SERVICES = TypeAdapter(list[Service])


class ExperimentCommands:
    """Commands of chaos, beside those about faults."""

    def __init__(self, view: LiveView, act: Act, store: ExperimentStore) -> None:
        self._view, self._act, self._store = view, act, store

    def answers(self) -> Mapping[str, Answer]:
        """By command."""
        return {
            "backend.list_services": self._services,
            "backend.ask_probe": self._ask,
        }

    def _services(self, message: Message) -> dict[str, Any]:
        read_payload(ListServices, message)
        return {"services": _SERVICES.dump_python(self._view.services(), mode="json")}

    def _ask(self, message: Message) -> dict[str, Any]:
        """That nobody could ask is an answer, too: what follows from it is decided by who asked."""
        probe = read_payload(AskProbe, message).probe
        try:
            return {"value": self._value(probe)}
        except (IncidentOpsError, ValueError) as error:
            return {"error": str(error)}

    def _value(self, probe: ServiceProbe | SqlProbe) -> Scalar:
        if isinstance(probe, ServiceProbe):
            return self._act.probe(probe.service).alive
        return self._store.query(probe.query, probe.timeout_seconds)


class ProgressHandler:
    """A `Handler` of `experiment.progressed`."""

    def __init__(self, runs: ExperimentRuns) -> None:
        self._runs = runs

    def __call__(self, message: Message) -> None:
        self._runs.told(read_payload(Progress, message))
