"""The container leaves its networks."""

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import EngineWork, Step


class NetworkDisconnect(Parameters):
    """None."""


NETWORK_DISCONNECT = FaultKind(
    name="network_disconnect",
    title="Network disconnect",
    parameters=NetworkDisconnect,
    work=EngineWork(inject=Step.DISCONNECT, undo=Step.RECONNECT),
    preview=lambda _, service: (
        f"{service} leaves all its networks; it comes back with the same addresses and aliases."
    ),
    claims=frozenset({Claim.PROCESS, Claim.NETWORK, Claim.SENDING}),
)
