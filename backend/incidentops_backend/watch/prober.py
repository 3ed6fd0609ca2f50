"""Finds services that run but do not answer: the state `hung`.

Only services of our own compose project are asked regularly: they share a network with us, so asking costs a
millisecond. Others have their HEALTHCHECK, and a ping when somebody wants to know.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.labels import COMPOSE_PROJECT, parse_definition
from incidentops.domain.probes import ProbeSpec, Protocol
from incidentops.domain.services import Health
from incidentops.ports import Clock, Engine
from incidentops_backend.reads.view import LiveView

BUDGET = 2
"""Failed probes in a row after which a running container counts as hung."""

TIMEOUT_SECONDS = 1.0
CALM_SECONDS = 5.0
"""Between two probes of a container that answers; one that does not is asked again at every call."""

START_PERIOD_SECONDS = 10.0
"""For containers without a health check of their own."""

_PARALLEL = 8


class Prober:
    """`sample` is called about twice a second by one thread."""

    def __init__(self, engine: Engine, view: LiveView, own_project: str, clock: Clock) -> None:
        self._engine, self._view, self._own_project, self._clock = engine, view, own_project, clock
        self._failures: dict[str, int] = {}
        self._asked_at: dict[str, float] = {}
        self._pool = ThreadPoolExecutor(_PARALLEL, thread_name_prefix="probe")

    def sample(self) -> None:
        """Ask whoever is due and tell the view who is past the budget."""
        candidates = {item.id: (item, spec) for item, spec in self._candidates()}
        self._failures = {key: count for key, count in self._failures.items() if key in candidates}
        due = [pair for key, pair in candidates.items() if self._due(key)]
        answers = dict(self._pool.map(self._ask, due))
        back = [key for key, alive in answers.items() if alive and key in self._failures]
        for container_id, alive in answers.items():
            self._note(container_id, alive)
        hung = [key for key, count in self._failures.items() if count >= BUDGET]
        self._view.mark_probed(hung, back)

    def _candidates(self) -> Iterable[tuple[Container, ProbeSpec]]:
        """Running containers of our project, past their start period, with a probe we can ask ourselves."""
        for service in self._view.services():
            for container in self._view.containers(service.name):
                spec = parse_definition(container.labels, container.name).probe
                if spec and spec.protocol is not Protocol.HEALTH and self._askable(container):
                    yield container, spec

    def _askable(self, container: Container) -> bool:
        ours = container.labels.get(COMPOSE_PROJECT) == self._own_project
        return ours and container.running and not self._starting(container)

    def _starting(self, container: Container) -> bool:
        """Inside its health check's start period, or, without a health check, just started."""
        if container.health is not Health.NONE or container.started_at is None:
            return container.health is Health.STARTING
        return (self._clock.now() - container.started_at).total_seconds() < START_PERIOD_SECONDS

    def _due(self, container_id: str) -> bool:
        suspect = self._failures.get(container_id, 0) > 0
        return (
            suspect
            or self._clock.monotonic() - self._asked_at.get(container_id, -CALM_SECONDS) >= CALM_SECONDS
        )

    def _ask(self, pair: tuple[Container, ProbeSpec]) -> tuple[str, bool]:
        container, spec = pair
        self._asked_at[container.id] = self._clock.monotonic()
        try:
            return container.id, self._engine.probe(container, spec, TIMEOUT_SECONDS).alive
        except IncidentOpsError:
            return container.id, True  # nobody could ask: no evidence against the service

    def _note(self, container_id: str, alive: bool) -> None:
        if alive:
            self._failures.pop(container_id, None)
        else:
            self._failures[container_id] = self._failures.get(container_id, 0) + 1
