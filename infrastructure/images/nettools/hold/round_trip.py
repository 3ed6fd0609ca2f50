"""How long a packet takes to the target's gateway and back."""

import os
import socket
import struct
import time

from .run import read_json

_TRIES = 3
PATIENCE_SECONDS = 2.0


def round_trip_ms(patience_seconds: float = PATIENCE_SECONDS) -> float | None:
    """The median of a few echoes in milliseconds; None without a gateway or without an answer."""
    gateway = next((route["gateway"] for route in read_json("ip", "-j", "route") if "gateway" in route), None)
    if gateway is None:
        return None
    times = sorted(
        item for item in (_echo(gateway, patience_seconds) for _ in range(_TRIES)) if item is not None
    )
    return round(times[len(times) // 2], 1) if times else None


def _echo(address: str, patience_seconds: float) -> float | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as sock:
        sock.settimeout(patience_seconds)
        body = os.urandom(8)
        began = time.monotonic()
        try:
            sock.sendto(_request(body), (address, 0))
            while not sock.recv(1024).endswith(body):
                continue
        except OSError:
            return None
        return (time.monotonic() - began) * 1000


def _request(body: bytes) -> bytes:
    """An echo request; the kernel fills in the identifier and the checksum."""
    return struct.pack(">BBHHH", 8, 0, 0, 0, 1) + body
