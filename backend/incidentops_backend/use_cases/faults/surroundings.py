"""What a plan may need to know of the world around its target."""

from typing import Any

from incidentops.domain.faults import FaultKind
from incidentops.domain.faults.kind import Parameters
from incidentops.domain.faults.work import Surroundings
from incidentops.ports import FaultEngine
from incidentops.ports.faults import Target
from incidentops_backend.reads.view import LiveView


class Outlook:
    """Looks around a target. Raises the errors of the engine."""

    def __init__(self, view: LiveView, engine: FaultEngine) -> None:
        self._view, self._engine = view, engine

    def of(
        self, kind: FaultKind[Any], parameters: Parameters, target: Target, lease_seconds: float
    ) -> Surroundings:
        """The kernel is asked only for kinds that depend on it."""
        peer = getattr(parameters, "peer", None)
        return Surroundings(
            lease_seconds=lease_seconds,
            peers={peer: self._addresses(peer, target)} if peer else {},
            kernel=self._engine.kernel() if kind.asks_kernel else frozenset(),
            cgroup=target.cgroup,
            volume=target.scratch,
        )

    def _addresses(self, service: str, target: Target) -> tuple[str, ...]:
        """Where a service can be reached in the networks of the target."""
        networks = (container.networks for container in self._view.containers(service))
        found = {network.get(name) for network in networks for name in target.networks}
        return tuple(sorted(address for address in found if address))
