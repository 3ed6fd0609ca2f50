"""Looks at what an incident reaches and says what there is to see."""

from collections.abc import Mapping

from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.evidence import Evidence, Role, ServiceEvidence
from incidentops.domain.happenings import BEFORE, Happening
from incidentops.domain.redaction import redacted_text
from incidentops.domain.services import Service
from incidentops.ports import Clock, Engine
from incidentops.ports.chronicle import Chronicle, Period
from incidentops.ports.evidence import Lacking
from incidentops_backend.reads.radius import Radius
from incidentops_backend.reads.view import LiveView

LOG_LINES = 40
LOG_CONTAINERS = 3
LONGEST_LINE = 500
"""Of each container so many lines, of a service so many containers, of a line so many characters."""

HAPPENINGS = 30
"""The newest things done before the moment."""


class Witness:
    """One look, for as many incidents as wait: the log of a service is read once. Not thread-safe."""

    def __init__(self, view: LiveView, engine: Engine, chronicle: Chronicle, clock: Clock) -> None:
        self._view, self._engine, self._chronicle, self._clock = view, engine, chronicle, clock
        self._radius = Radius(view)
        self._services = {service.name: service for service in view.services()}
        self._logs: dict[str, tuple[str, ...]] = {}

    def look(self, wanted: Lacking) -> Evidence:
        """Raises Unavailable without Postgres; what the engine cannot tell is left out, and said in the log's place."""
        roles = self._radius.of(wanted.incident)
        return Evidence(
            incident_id=wanted.incident.id,
            moment=wanted.moment,
            taken_at=self._clock.now(),
            services=tuple(self._seen(roles)),
            happenings=self._happenings(wanted, roles),
        )

    def _seen(self, roles: Mapping[str, Role]) -> list[ServiceEvidence]:
        known = [(self._services[name], role) for name, role in roles.items() if name in self._services]
        return [ServiceEvidence.of(service, role, self._log(service, role)) for service, role in known]

    def _log(self, service: Service, role: Role) -> tuple[str, ...]:
        if service.up and role is not Role.AFFECTED:
            return ()
        if service.name not in self._logs:
            containers = self._view.containers(service.name)[:LOG_CONTAINERS]
            self._logs[service.name] = tuple(line for item in containers for line in self._lines(item))
        return self._logs[service.name]

    def _lines(self, container: Container) -> list[str]:
        try:
            with self._engine.logs(container.id, tail=LOG_LINES) as lines:
                return [redacted_text(line.text)[:LONGEST_LINE] for line in lines]
        except IncidentOpsError as error:
            return [f"log not readable: {error}"]

    def _happenings(self, wanted: Lacking, roles: Mapping[str, Role]) -> tuple[Happening, ...]:
        period = Period(roles.keys(), wanted.incident.created_at - BEFORE, self._clock.now())
        return self._chronicle.happenings(period, limit=HAPPENINGS).items
