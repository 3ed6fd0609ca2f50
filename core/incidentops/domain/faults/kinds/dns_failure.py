"""Names are no longer resolved: the answers of the engine's name server get lost, as in a real outage."""

from incidentops.domain.faults.kind import FaultKind, Parameters
from incidentops.domain.faults.work import HeldWork, Plan, Surroundings


class DnsFailure(Parameters):
    """None."""


def _plan(_parameters: DnsFailure, _around: Surroundings) -> Plan:
    return Plan(
        mechanism="nftables", arriving=("ip saddr 127.0.0.11 counter drop", "udp sport 53 counter drop")
    )


DNS_FAILURE = FaultKind(
    name="dns_failure",
    title="DNS failure",
    parameters=DnsFailure,
    work=HeldWork(_plan),
    preview=lambda _, service: f"{service} waits in vain for answers of its name server.",
    claims=frozenset(),
    kernel_expiring=True,
)
