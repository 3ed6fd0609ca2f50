"""Faults: harm done on purpose, for a limited time, to a known target."""

from incidentops.domain.faults.kind import BadParameters, Claim, FaultKind
from incidentops.domain.faults.kinds import KINDS
from incidentops.domain.faults.record import ENDED, Fault, FaultState, Result

__all__ = ["ENDED", "KINDS", "BadParameters", "Claim", "Fault", "FaultKind", "FaultState", "Result"]
