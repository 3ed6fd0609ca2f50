"""The service is asked to end, as a deployment would."""

from incidentops.domain.faults.kind import EVERYTHING, FaultKind, Parameters
from incidentops.domain.faults.work import EngineWork, Step


class Stop(Parameters):
    """None."""


STOP = FaultKind(
    name="stop",
    title="Stop",
    parameters=Stop,
    work=EngineWork(inject=Step.STOP, undo=Step.START),
    preview=lambda _, service: f"{service} is asked to end; at the end of the lease it is started again.",
    claims=EVERYTHING,
)
