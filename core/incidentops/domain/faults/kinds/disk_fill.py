"""The service's scratch volume fills up. Only a sized volume in memory, named by a label, is ever filled."""

from incidentops.domain.faults.kind import Claim, FaultKind, Parameters, Percent
from incidentops.domain.faults.work import HeldWork, Plan, Surroundings


class DiskFill(Parameters):
    """How full."""

    percent: Percent = 100.0


def _plan(parameters: DiskFill, _around: Surroundings) -> Plan:
    return Plan(mechanism="file in the volume", fill_percent=parameters.percent)


DISK_FILL = FaultKind(
    name="disk_fill",
    title="Disk fill",
    parameters=DiskFill,
    work=HeldWork(_plan, on_volume=True),
    preview=lambda p, service: f"The scratch volume of {service} is filled to {p.percent:g} %.",
    claims=frozenset({Claim.DISK}),
)
