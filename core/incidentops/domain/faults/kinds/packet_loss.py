"""A share of the packets that arrive is lost."""

from incidentops.domain.faults.kind import FaultKind, Parameters, Percent
from incidentops.domain.faults.work import HeldWork, Plan, Surroundings, by_chance


class PacketLoss(Parameters):
    """How much."""

    percent: Percent = 30.0


def _plan(parameters: PacketLoss, _around: Surroundings) -> Plan:
    return Plan(
        mechanism="nftables",
        arriving=(f'iifname != "lo" counter {by_chance(parameters.percent)} counter drop',),
    )


PACKET_LOSS = FaultKind(
    name="packet_loss",
    title="Packet loss",
    parameters=PacketLoss,
    work=HeldWork(_plan),
    preview=lambda p, service: f"{p.percent:g} % of the packets that reach {service} are lost.",
    claims=frozenset(),
    kernel_expiring=True,
)
