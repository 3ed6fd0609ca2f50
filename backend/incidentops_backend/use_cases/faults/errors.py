"""Why a fault is not injected."""

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.faults import Fault
from incidentops.ports.faults import EmergencyStop


class BadFault(IncidentOpsError):
    """A request with bad fields: `errors` names each one and the reason."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in errors.items()))
        self.errors = errors


class UnknownFault(IncidentOpsError):
    """Nobody has injected a fault with this id."""


class FaultConflict(IncidentOpsError):
    """Another fault on the target claims the same; it is named."""

    def __init__(self, other: Fault) -> None:
        super().__init__(
            f"{other.service} already has the fault {other.kind} ({other.id}), and both cannot be there at once."
        )
        self.other = other


class TargetProtected(IncidentOpsError):
    """The target carries the label that keeps it from harm."""


class TargetNotRunning(IncidentOpsError):
    """There is nothing to hurt."""


class ChaosStopped(IncidentOpsError):
    """The emergency stop is engaged."""

    def __init__(self, stop: EmergencyStop) -> None:
        super().__init__(
            f"The emergency stop is engaged since {stop.since:%H:%M:%S} by {stop.by}: {stop.why}."
        )
        self.stop = stop
