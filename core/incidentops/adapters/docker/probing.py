"""How a container is asked: by its health check, directly, or from a sidecar."""

import time

from incidentops.adapters.docker.connection import EngineConnection
from incidentops.adapters.docker.ourselves import Ourselves
from incidentops.adapters.docker.reading import container_of
from incidentops.adapters.docker.sidecar import ProbeSidecars
from incidentops.adapters.probes import ask
from incidentops.domain.containers import Container
from incidentops.domain.errors import ContainerGone, EngineRefused
from incidentops.domain.probes import ProbeResult, ProbeSpec, Protocol
from incidentops.domain.services import Health

_NO_CHECK = "the container has no health check"


class Prober:
    """Asks containers of one engine."""

    def __init__(self, connection: EngineConnection, sidecars: ProbeSidecars) -> None:
        self._connection = connection
        self._sidecars = sidecars
        self._ourselves = Ourselves(self._inspect)

    def probe(self, container: Container, spec: ProbeSpec, timeout_seconds: float) -> ProbeResult:
        """See `ports.Engine.probe`."""
        if spec.protocol is not Protocol.HEALTH and container.running:
            address = self._ourselves.address_of(container)
            if address is not None:
                return ask(spec, address, timeout_seconds)
        return self._by_the_engine(container, spec, timeout_seconds)

    def _by_the_engine(self, container: Container, spec: ProbeSpec, timeout_seconds: float) -> ProbeResult:
        began = time.monotonic()
        try:
            current = self._inspect(container.id)
            if not current.running:
                return _dead(f"the container is {current.status}", began)
            if spec.protocol is Protocol.HEALTH:
                return _health(current, began)
            return self._from_sidecar(current, spec, timeout_seconds)
        except ContainerGone:
            return _dead("the container is gone", began)

    def _from_sidecar(self, container: Container, spec: ProbeSpec, timeout_seconds: float) -> ProbeResult:
        began = time.monotonic()
        try:
            return self._sidecars.ask(container, spec, timeout_seconds)
        except EngineRefused:
            current = self._inspect(container.id)  # it may have ended under the sidecar's feet
            if current.running:
                raise
            return _dead(f"the container is {current.status}", began)

    def _inspect(self, container_id: str) -> Container:
        with self._connection.query() as client:
            return container_of(client.inspect(container_id))


def _health(container: Container, began: float) -> ProbeResult:
    words = _NO_CHECK if container.health is Health.NONE else f"its health check says {container.health}"
    return ProbeResult(container.health is Health.HEALTHY, words, _milliseconds(began))


def _dead(detail: str, began: float) -> ProbeResult:
    return ProbeResult(alive=False, detail=detail, duration_ms=_milliseconds(began))


def _milliseconds(began: float) -> float:
    return round((time.monotonic() - began) * 1000, 1)
