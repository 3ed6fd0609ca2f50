"""The service is restarted over and over, as a crash loop would."""

from typing import Annotated

from pydantic import Field

from incidentops.domain.faults.kind import EVERYTHING, FaultKind, Parameters
from incidentops.domain.faults.work import EngineWork, Step


class RestartLoop(Parameters):
    """How often."""

    every_seconds: Annotated[float, Field(ge=1, le=60, description="seconds between two restarts")] = 3.0


RESTART_LOOP = FaultKind(
    name="restart_loop",
    title="Restart loop",
    parameters=RestartLoop,
    work=EngineWork(inject=Step.RESTART, undo=Step.START, every_seconds=lambda p: p.every_seconds),
    preview=lambda p, service: f"{service} is killed and started every {p.every_seconds:g} s.",
    claims=EVERYTHING,
)
