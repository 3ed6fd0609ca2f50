"""Every kind of fault, in the order in which people are shown them."""

from collections.abc import Mapping
from typing import Any

from incidentops.domain.faults.kind import FaultKind
from incidentops.domain.faults.kinds.bandwidth import BANDWIDTH
from incidentops.domain.faults.kinds.connection_reset import CONNECTION_RESET
from incidentops.domain.faults.kinds.cpu_cap import CPU_CAP
from incidentops.domain.faults.kinds.cpu_pressure import CPU_PRESSURE
from incidentops.domain.faults.kinds.disk_fill import DISK_FILL
from incidentops.domain.faults.kinds.dns_failure import DNS_FAILURE
from incidentops.domain.faults.kinds.grey_hang import GREY_HANG
from incidentops.domain.faults.kinds.kill import KILL
from incidentops.domain.faults.kinds.latency import LATENCY
from incidentops.domain.faults.kinds.memory_pressure import MEMORY_PRESSURE
from incidentops.domain.faults.kinds.network_disconnect import NETWORK_DISCONNECT
from incidentops.domain.faults.kinds.packet_loss import PACKET_LOSS
from incidentops.domain.faults.kinds.partition import PARTITION
from incidentops.domain.faults.kinds.pause import PAUSE
from incidentops.domain.faults.kinds.restart_loop import RESTART_LOOP
from incidentops.domain.faults.kinds.stop import STOP

_ALL: tuple[FaultKind[Any], ...] = (
    KILL,
    STOP,
    RESTART_LOOP,
    PAUSE,
    GREY_HANG,
    NETWORK_DISCONNECT,
    PARTITION,
    PACKET_LOSS,
    LATENCY,
    BANDWIDTH,
    CONNECTION_RESET,
    DNS_FAILURE,
    CPU_CAP,
    CPU_PRESSURE,
    MEMORY_PRESSURE,
    DISK_FILL,
)

KINDS: Mapping[str, FaultKind[Any]] = {kind.name: kind for kind in _ALL}
