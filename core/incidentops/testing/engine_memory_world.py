"""The in-memory engine as a world of the contract."""

from collections.abc import Mapping

from incidentops.domain.probes import ProbeResult
from incidentops.domain.services import Health
from incidentops.testing.engine import MemoryEngine
from incidentops.testing.engine_world import Kind

_PONG = ProbeResult(alive=True, detail="+PONG", duration_ms=0.1)
_SILENCE = ProbeResult(alive=False, detail="no answer within 0.5 s", duration_ms=500.0)


class MemoryWorld:
    """Containers that are records in a `MemoryEngine`."""

    def __init__(self) -> None:
        self.engine = MemoryEngine()

    def create(self, name: str, kind: Kind = Kind.OBEDIENT, labels: Mapping[str, str] | None = None) -> str:
        container = self.engine.add(name, labels=labels, status="created", stubborn=kind is Kind.STUBBORN)
        if kind in (Kind.REDIS, Kind.SILENT):
            self.engine.answer(container.id, _PONG if kind is Kind.REDIS else _SILENCE)
        return container.id

    def run(self, name: str, kind: Kind = Kind.OBEDIENT, labels: Mapping[str, str] | None = None) -> str:
        container_id = self.create(name, kind, labels)
        self.engine.start(container_id)
        if kind is Kind.CHECKED:
            self.engine.report_health(container_id, Health.HEALTHY)
        return container_id

    def die(self, container_id: str, exit_code: int) -> None:
        self.engine.die(container_id, exit_code)

    def say(self, container_id: str, text: str, stream: str = "stdout") -> None:
        self.engine.write(container_id, text, stream)

    def sicken(self, container_id: str) -> None:
        self.engine.report_health(container_id, Health.UNHEALTHY)

    def remove(self, container_id: str) -> None:
        self.engine.remove(container_id)

    def go_away(self) -> None:
        """The engine stops answering."""
        self.engine.go_away()

    def come_back(self) -> None:
        """The engine answers again."""
        self.engine.come_back()
