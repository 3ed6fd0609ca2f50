"""Where policies are written down: of remediation, and of outages."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from incidentops.domain.outages import OutagePolicy
from incidentops.domain.policies import Policy

P = TypeVar("P", bound=Policy | OutagePolicy)


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """Why a policy file is not taken: where, what was expected there, and what holds instead."""

    file: str
    line: int
    expected: str
    in_force: str


@dataclass(frozen=True, slots=True)
class PolicyReading(Generic[P]):
    """The policies in force, in order, and the problems of the files that could not be taken."""

    policies: tuple[P, ...] = ()
    problems: tuple[PolicyProblem, ...] = ()


class PolicySource(Protocol[P]):
    """Policies of one kind."""

    def read(self) -> PolicyReading[P]:
        """What is in force now. A file that is not valid leaves its last valid version in force, also across restarts.
        Cheap while nothing has changed; never raises."""
        ...
