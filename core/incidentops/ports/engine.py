"""What runs containers."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from incidentops.domain.containers import Container
from incidentops.domain.observations import EngineEvent, EngineInfo, LogLine, Usage
from incidentops.domain.probes import ProbeResult, ProbeSpec


class Engine(Protocol):
    """What runs containers. Every call raises `Unavailable("engine", …)` when the engine does not answer,
    `ContainerGone` for an id it does not know, and `EngineRefused` with its words when it says no."""

    def info(self) -> EngineInfo: ...

    def list(self) -> list[Container]:
        """Every container, in any state, that carries the label `incidentops.service`."""
        ...

    def inspect(self, container_id: str) -> Container: ...

    def details(self, container_id: str) -> dict[str, Any]:
        """The engine's full description, environment values redacted."""
        ...

    def start(self, container_id: str) -> None:
        """Returns once the container runs; a running one is left as it is."""
        ...

    def stop(self, container_id: str, grace_seconds: int | None = None) -> None:
        """Asks to end, then kills after the grace (None: the container's own). A paused container is
        ended too; a stopped one is left as it is."""
        ...

    def restart(self, container_id: str, grace_seconds: int | None = None) -> None: ...

    def recreate(self, container_id: str) -> str:
        """Replace it by a new one of the same name, labels, networks and volumes, which runs; returns its id. When that
        fails, the old one stands as before."""
        ...

    def kill(self, container_id: str, signal: str = "SIGKILL") -> None: ...

    def pause(self, container_id: str) -> None: ...

    def unpause(self, container_id: str) -> None: ...

    def logs(
        self, container_id: str, *, tail: int = 200, follow: bool = False
    ) -> AbstractContextManager[Iterator[LogLine]]:
        """The last `tail` lines, then, when following, new ones until the context is left."""
        ...

    def usage(self, containers: Sequence[Container]) -> dict[str, Usage]:
        """One sample for each running container of those given, by container id; others are left out."""
        ...

    def events(self) -> AbstractContextManager[Iterator[EngineEvent]]:
        """Container events of managed containers from this moment on. The iterator raises `Unavailable`
        when the stream ends for whatever reason, and ends quietly once the context is left."""
        ...

    def probe(self, container: Container, spec: ProbeSpec, timeout_seconds: float = 2.0) -> ProbeResult:
        """Ask the container by its own protocol. Never raises for a container that does not answer."""
        ...
