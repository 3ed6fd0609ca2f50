"""Puts together what is told of an incident beside its own timeline: what was done at the time, and evidence."""

from dataclasses import dataclass

from flask_openapi3.blueprint import APIBlueprint

from incidentops.ports import Clock, Engine, IncidentStore
from incidentops.ports.chronicle import Chronicle
from incidentops.ports.evidence import EvidenceStore
from incidentops_backend.http.story import story_routes
from incidentops_backend.live.topics import Topics
from incidentops_backend.reads.radius import Radius
from incidentops_backend.reads.view import LiveView
from incidentops_backend.threads import Threads
from incidentops_backend.use_cases.incidents.desk import IncidentDesk
from incidentops_backend.use_cases.incidents.evidence import EvidenceKeeper
from incidentops_backend.use_cases.incidents.witness import Witness

EVIDENCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class StoryPorts:
    """What the story of an incident stands on beside the ports of everything."""

    chronicle: Chronicle
    evidence: EvidenceStore


class Story:
    """The subject, assembled. `start` begins to take evidence."""

    def __init__(
        self,
        ports: StoryPorts,
        *,
        incidents: IncidentStore,
        desk: IncidentDesk,
        view: LiveView,
        engine: Engine,
        clock: Clock,
    ) -> None:
        self._ports, self._desk, self._view, self._clock = ports, desk, view, clock
        self.keeper = EvidenceKeeper(
            ports.evidence, lambda: Witness(view, engine, ports.chronicle, clock), clock
        )
        incidents.listen(self.keeper.committed)

    def routes(self) -> APIBlueprint:
        ports = self._ports
        return story_routes(self._desk, ports.chronicle, ports.evidence, Radius(self._view), self._clock)

    def tell(self, topics: Topics) -> None:
        """Let pages hear of new evidence."""
        self.keeper.listen(
            lambda taken: topics.changed("incidents", [str(item.incident_id) for item in taken])
        )

    def start(self, threads: Threads) -> None:
        threads.every(EVIDENCE_SECONDS, "evidence", self.keeper.sweep)
