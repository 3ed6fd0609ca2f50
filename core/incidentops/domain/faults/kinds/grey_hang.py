"""Every process is stopped with SIGSTOP, and the engine goes on calling it running."""

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import EngineWork, Step


class GreyHang(Parameters):
    """None."""


GREY_HANG = FaultKind(
    name="grey_hang",
    title="Grey hang",
    parameters=GreyHang,
    work=EngineWork(inject=Step.FREEZE, undo=Step.THAW, freezes_children=True),
    preview=lambda _, service: (
        f"Every process of {service} stops where it stands; the engine still says that it runs, only probes notice."
    ),
    claims=frozenset({Claim.PROCESS}),
)
