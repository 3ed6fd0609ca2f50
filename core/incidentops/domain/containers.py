"""One container as the engine describes it, freed of the engine's own vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from incidentops.domain.services import Health

NO_LABELS: Mapping[str, str] = {}

SHORT_ID = 12
"""How many of its characters name a container to people, as the engine's own tools do."""


@dataclass(frozen=True, slots=True)
class Container:
    """Facts of one inspected container.

    `status` is the engine's word: created, running, paused, restarting, removing, exited or dead.
    `networks` maps a network's name to the container's address in it ("" while it has none).
    `published` lists the host addresses its ports are published on. `stop_grace_seconds` is how long it may
    take to end before it is killed; None leaves that to the engine.
    """

    id: str
    name: str
    image: str
    status: str
    labels: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)
    health: Health = Health.NONE
    started_at: datetime | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    oom_killed: bool = False
    pid: int = 0
    networks: Mapping[str, str] = field(default_factory=lambda: NO_LABELS)
    published: tuple[str, ...] = ()
    stop_grace_seconds: int | None = None

    @property
    def running(self) -> bool:
        """True when its main process lives and is not frozen."""
        return self.status == "running"

    @property
    def short_id(self) -> str:
        return self.id[:SHORT_ID]
