"""How a run is stopped before its end, from whichever thread notices that it must be."""

import threading
from dataclasses import dataclass

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.experiments.runs import Verdict


@dataclass(frozen=True, slots=True)
class Halt:
    """Why a run ends early. `emergency`: chaos as a whole is to be stopped."""

    verdict: Verdict
    reason: str
    emergency: bool = False


class Halted(IncidentOpsError):
    """The run is to end now."""

    def __init__(self, halt: Halt) -> None:
        super().__init__(halt.reason)
        self.halt = halt


class Brake:
    """Thread-safe; the first who pulls it says why."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pulled = threading.Event()
        self.halt: Halt | None = None

    def pull(self, halt: Halt) -> bool:
        """Whether this was the first."""
        with self._lock:
            first = self.halt is None
            self.halt = self.halt or halt
            self._pulled.set()
        return first

    def check(self) -> None:
        """Raises Halted once somebody has pulled."""
        if self.halt is not None:
            raise Halted(self.halt)

    def wait(self, seconds: float) -> None:
        """Let time pass. Raises Halted at once when somebody pulls."""
        self._pulled.wait(seconds)
        self.check()
