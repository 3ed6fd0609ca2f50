"""Packets from and to one other service are dropped, in both directions."""

from typing import Annotated

from pydantic import Field

from incidentops.domain.faults.kind import FaultKind, Parameters
from incidentops.domain.faults.work import CannotBeDone, HeldWork, Plan, Surroundings


class Partition(Parameters):
    """From whom."""

    peer: Annotated[str, Field(min_length=1, max_length=200, description="the other service")]


def _plan(parameters: Partition, around: Surroundings) -> Plan:
    addresses = around.peers.get(parameters.peer, ())
    if not addresses:
        raise CannotBeDone(f"{parameters.peer} has no address in a network of the target")
    listed = f"{{ {', '.join(addresses)} }}"
    return Plan(
        mechanism="nftables",
        arriving=(f"ip saddr {listed} counter drop",),
        leaving=(f"ip daddr {listed} counter drop",),
    )


PARTITION = FaultKind(
    name="partition",
    title="Partition",
    parameters=Partition,
    work=HeldWork(_plan),
    preview=lambda p, service: f"{service} and {p.peer} no longer reach each other; everybody else does.",
    claims=frozenset(),
    kernel_expiring=True,
)
