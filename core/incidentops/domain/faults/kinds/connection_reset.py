"""A share of the connections that others open to the service is refused with a reset."""

from incidentops.domain.faults.kind import FaultKind, Parameters, Percent
from incidentops.domain.faults.work import HeldWork, Plan, Surroundings, by_chance


class ConnectionReset(Parameters):
    """How many."""

    percent: Percent = 50.0


def _plan(parameters: ConnectionReset, _around: Surroundings) -> Plan:
    opening = 'iifname != "lo" tcp flags & (syn | ack) == syn'
    return Plan(
        mechanism="nftables",
        arriving=(f"{opening} counter {by_chance(parameters.percent)} counter reject with tcp reset",),
    )


CONNECTION_RESET = FaultKind(
    name="connection_reset",
    title="Connection reset",
    parameters=ConnectionReset,
    work=HeldWork(_plan),
    preview=lambda p, service: f"{p.percent:g} % of the new connections to {service} are reset.",
    claims=frozenset(),
    kernel_expiring=True,
)
