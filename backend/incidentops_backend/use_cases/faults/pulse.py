"""Whether the service of a target answers: before the fault, and again after it."""

import time
from collections.abc import Callable
from typing import Final

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.faults import Fault, Result
from incidentops.domain.probes import ProbeResult
from incidentops_backend.reads.view import LiveView

PROBE = "probe"
ANSWERS = "answers"
CLEAN: Final = "clean"
PATIENCE_SECONDS = 15.0
"""How long a service may take to come back: one that was killed has to start first."""
_PAUSE_SECONDS = 0.1


class Pulse:
    """`probe` asks a service by its own protocol."""

    def __init__(self, view: LiveView, probe: Callable[[str], ProbeResult]) -> None:
        self._view, self._probe = view, probe

    def now(self, fault: Fault) -> dict[str, str]:
        """For the snapshot, from the live view: asking would cost the fault its punctuality."""
        service = self._view.find(fault.service)
        return {PROBE: ANSWERS if service is not None and service.up else "silent"}

    def back(self, fault: Fault) -> Result:
        """Wait for a service that answered before to answer again."""
        if fault.snapshot.get(PROBE) != ANSWERS:
            return CLEAN
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (answer := self._ask(fault.service)).alive:
            if time.monotonic() > deadline:
                return (f"probe: it answered before, and does not now: {answer.detail}",)
            time.sleep(_PAUSE_SECONDS)
        return CLEAN

    def _ask(self, service: str) -> ProbeResult:
        try:
            return self._probe(service)
        except IncidentOpsError as error:
            return ProbeResult(alive=False, detail=str(error), duration_ms=0.0)
