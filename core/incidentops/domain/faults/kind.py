"""What a kind of fault declares. Each kind is one small module in `kinds/`, on one of few mechanisms."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.faults.work import HeldWork, Work

LEASE_SECONDS = (1.0, 3600.0)
"""The shortest and the longest lease."""

Percent = Annotated[float, Field(gt=0, le=100)]


class Parameters(BaseModel):
    """Base of every kind's parameters: their names, types, ranges, defaults and units."""

    model_config = ConfigDict(extra="forbid", frozen=True)


P = TypeVar("P", bound=Parameters)


class Claim(StrEnum):
    """What of its target a fault takes for itself; two faults that claim the same conflict."""

    PROCESS = "process"
    NETWORK = "network"
    SENDING = "sending"  # the queue of outgoing packets: the kernel has one per interface
    CPU = "cpu"
    MEMORY = "memory"
    DISK = "disk"


EVERYTHING = frozenset(Claim)


@dataclass(frozen=True, slots=True)
class FaultKind(Generic[P]):
    """One kind of harm.

    `preview` says in a sentence what will happen to the service it is given. `kernel_expiring`: the kernel ends
    it at the end of the lease, whoever is dead; the others end by the sidecar or the backend. `asks_kernel`: its
    mechanism depends on what the kernel can do.
    """

    name: str
    title: str
    parameters: type[P]
    work: Work[P]
    preview: Callable[[P, str], str]
    claims: frozenset[Claim]
    kernel_expiring: bool = False
    asks_kernel: bool = False

    @property
    def in_network_namespace(self) -> bool:
        """Whether it consists of rules in the target's network namespace, which a restart throws away."""
        return isinstance(self.work, HeldWork) and not self.work.on_volume

    def read(self, parameters: dict[str, Any]) -> P:
        """Raises `BadParameters` with every bad field."""
        try:
            return self.parameters.model_validate(parameters)
        except ValidationError as error:
            raise BadParameters(_fields(error)) from error

    def conflicts_with(self, other: "FaultKind[Any]") -> bool:
        """Whether both cannot be on one target at a time; no kind can be there twice."""
        return self.name == other.name or bool(self.claims & other.claims)


class BadParameters(IncidentOpsError):
    """Parameters that a kind does not take: `errors` names each bad field and the reason."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {reason}" for field, reason in errors.items()))
        self.errors = errors


def _fields(error: ValidationError) -> dict[str, str]:
    items = error.errors(include_url=False, include_input=False, include_context=False)
    return {f"parameters.{'.'.join(str(part) for part in item['loc'])}": item["msg"] for item in items}
