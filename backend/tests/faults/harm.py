"""How each kind of fault is noticed from outside: one check per kind, true exactly while the fault bites."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from backend.tests.faults.target import Target

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Harm:
    """A kind with parameters, and whether its target is hurt as seen from outside."""

    kind: str
    hurts: Callable[[Target], bool]
    parameters: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.kind


def _down(target: Target) -> bool:
    return not target.connects(0.3)


def _silent(target: Target) -> bool:
    """The kernel still accepts connections; the process answers nothing."""
    return target.lost(3) == 3


def _restarts(target: Target) -> bool:
    before = target.inspect("{{.State.StartedAt}}")
    deadline = time.monotonic() + 3.0
    while time.monotonic() < deadline:
        if target.inspect("{{.State.StartedAt}}") != before:
            return True
        time.sleep(0.1)
    return False


def _loses_some(target: Target) -> bool:
    return 20 < target.lost(200) < 180


def _slow(target: Target) -> bool:
    return target.round_trip_ms() > 80


def _throttled(target: Target) -> bool:
    """128 KiB at a megabit per second take a second; without a throttle, milliseconds."""
    return target.transfer_seconds(128 * 1024) > 0.5


def _resets(target: Target) -> bool:
    return any(target.refuses() for _ in range(20))


def _no_names(target: Target) -> bool:
    """Through the target's own name server."""
    return target.execute("python3", "-c", _RESOLVE) == "silent"


def _cut_off(target: Target) -> bool:
    """From its neighbour only."""
    return target.execute("python3", "-c", _ASK_PEER) == "silent"


def _capped(target: Target) -> bool:
    return target.inspect("{{.HostConfig.CpuQuota}}") == "20000"


def _crowded(target: Target) -> bool:
    """Somebody in the target's control group burns processor time; on a crowded machine it may get little."""
    return target.cpu_seconds(0.6) > 0.06


def _short_of_memory(target: Target) -> bool:
    return target.memory_bytes() > 60 * MEBIBYTE


def _full(target: Target) -> bool:
    return (
        target.execute(
            "sh", "-c", "head -c 4096 /dev/zero > /scratch/mine 2>/dev/null && echo fits || echo full"
        )
        == "full"
    )


_RESOLVE = """
import socket
query = bytes.fromhex("abcd01000001000000000000") + bytes([5]) + b"redis" + bytes([0, 0, 1, 0, 1])
sock = socket.socket(type=socket.SOCK_DGRAM)
sock.settimeout(0.5)
try:
    sock.sendto(query, ("127.0.0.11", 53))
    sock.recv(512)
    print("answered")
except OSError:
    print("silent")
"""
_ASK_PEER = """
import socket
sock = socket.socket(type=socket.SOCK_DGRAM)
sock.settimeout(0.5)
try:
    sock.sendto(b"x", ("peer", 7000))
    sock.recv(10)
    print("answered")
except OSError:
    print("silent")
"""

HARMS = [
    Harm("kill", _down),
    Harm("stop", _down),
    Harm("restart_loop", _restarts, {"every_seconds": 1}),
    Harm("pause", _silent),
    Harm("grey_hang", _silent),
    Harm("network_disconnect", _down),
    Harm("partition", _cut_off, {"peer": "billing"}),
    Harm("packet_loss", _loses_some, {"percent": 40}),
    Harm("latency", _slow, {"milliseconds": 100, "jitter_ms": 10}),
    Harm("bandwidth", _throttled, {"kilobits_per_second": 1000}),
    Harm("connection_reset", _resets, {"percent": 60}),
    Harm("dns_failure", _no_names),
    Harm("cpu_cap", _capped, {"percent": 20}),
    Harm("cpu_pressure", _crowded, {"workers": 2}),
    Harm("memory_pressure", _short_of_memory, {"megabytes": 64}),
    Harm("disk_fill", _full),
]
