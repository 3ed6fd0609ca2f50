"""Packets take longer: in the kernel where it can, else through a queue in the sidecar, else TCP through a proxy."""

from typing import Annotated

from pydantic import Field

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters
from incidentops.domain.faults.work import CannotBeDone, HeldWork, Plan, Surroundings


class Latency(Parameters):
    """By how much."""

    milliseconds: Annotated[float, Field(ge=1, le=10_000)] = 100.0
    jitter_ms: Annotated[float, Field(ge=0, le=5_000, description="at most that much more or less")] = 0.0


def _plan(parameters: Latency, around: Surroundings) -> Plan:
    delay, jitter = parameters.milliseconds, parameters.jitter_ms
    if "netem" in around.kernel:
        return Plan(mechanism="netem", queue=("netem", "delay", f"{delay:g}ms", f"{jitter:g}ms"))
    if "nfqueue" in around.kernel:
        return Plan(mechanism="nfqueue", delay_ms=(delay, jitter))
    if "redirect" in around.kernel:
        return Plan(mechanism="proxy of new TCP connections", proxy_ms=(delay, jitter))
    raise CannotBeDone(
        "this kernel has no netem queueing discipline, queues no packets and redirects no connections"
    )


LATENCY = FaultKind(
    name="latency",
    title="Latency",
    parameters=Latency,
    work=HeldWork(_plan),
    preview=lambda p, service: f"Packets of {service} take {p.milliseconds:g} ± {p.jitter_ms:g} ms longer.",
    claims=frozenset({Claim.SENDING}),
    asks_kernel=True,
)
