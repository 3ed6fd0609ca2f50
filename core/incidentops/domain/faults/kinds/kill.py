"""The main process gets SIGKILL."""

from incidentops.domain.faults.kind import EVERYTHING, FaultKind, Parameters
from incidentops.domain.faults.work import EngineWork, Step


class Kill(Parameters):
    """None."""


KILL = FaultKind(
    name="kill",
    title="Kill",
    parameters=Kill,
    work=EngineWork(inject=Step.KILL, undo=Step.START),
    preview=lambda _, service: (
        f"The main process of {service} is killed; at the end of the lease it is started again."
    ),
    claims=EVERYTHING,
)
