"""Every process is frozen by the engine, which says so."""

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import EngineWork, Step


class Pause(Parameters):
    """None."""


PAUSE = FaultKind(
    name="pause",
    title="Pause",
    parameters=Pause,
    work=EngineWork(inject=Step.PAUSE, undo=Step.UNPAUSE),
    preview=lambda _, service: (
        f"Every process of {service} is frozen: connections stay open, nothing answers."
    ),
    claims=frozenset({Claim.PROCESS, Claim.NETWORK}),
)
