"""A running service that echoes what it gets, as others reach it."""

import socket
import statistics
import time
from dataclasses import dataclass
from typing import Any

from docker import APIClient

from incidentops.testing.containers import RunningContainer, docker

IMAGE = "incidentops/nettools:dev"
PORT = 7000
ECHO = """
import select, socket
tcp, udp = socket.create_server(("", 7000)), socket.socket(type=socket.SOCK_DGRAM)
udp.bind(("", 7000))
open = [tcp, udp]
while True:
    for sock in select.select(open, [], [])[0]:
        try:
            if sock is tcp:
                open.append(tcp.accept()[0])
            elif sock is udp:
                udp.sendto(*udp.recvfrom(1000))
            elif data := sock.recv(65536):
                sock.sendall(data)
            else:
                open.remove(sock)
        except OSError:
            open.remove(sock)
"""


@dataclass(frozen=True)
class Target:
    """`service` is its name; `container` its only container."""

    service: str
    container: RunningContainer

    def inspect(self, template: str) -> str:
        return docker("inspect", "--format", template, self.container.id)

    @property
    def address(self) -> str:
        return self.inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")

    def connects(self, seconds: float = 1.0) -> bool:
        try:
            socket.create_connection((self.address, PORT), seconds).close()
        except OSError:
            return False
        return True

    def refuses(self) -> bool:
        """Whether a connection is reset, rather than accepted or lost."""
        try:
            socket.create_connection((self.address, PORT), 1.0).close()
        except ConnectionRefusedError:
            return True
        return False

    def lost(self, packets: int = 100) -> int:
        """How many of so many packets are not answered."""
        with self._datagrams(0.4) as sock:
            for number in range(packets):
                sock.send(number.to_bytes(2, "big"))
            return packets - _received(sock, packets)

    def connection(self) -> socket.socket:
        return socket.create_connection((self.address, PORT), 5.0)

    def round_trip_ms(self) -> float:
        """Of a byte on a new connection and back."""
        with self.connection() as sock:
            return echo_ms(sock)

    def transfer_seconds(self, size: int) -> float:
        """How long so many bytes take to it and back."""
        began = time.monotonic()
        with self.connection() as sock:
            sock.sendall(bytes(size))
            left = size
            while left:
                left -= len(sock.recv(65536))
        return time.monotonic() - began

    def execute(self, *words: str) -> str:
        return docker("exec", self.container.id, *words)

    def cpu_seconds(self, seconds: float) -> float:
        """Processor time used in its control group during that time."""
        before = self._usage()["cpu_stats"]["cpu_usage"]["total_usage"]
        time.sleep(seconds)
        return float(self._usage()["cpu_stats"]["cpu_usage"]["total_usage"] - before) / 1e9

    def memory_bytes(self) -> int:
        return int(self._usage()["memory_stats"]["usage"])

    def _usage(self) -> dict[str, Any]:
        """Of its control group, of whichever version, with all below it."""
        client = APIClient()
        try:
            usage: dict[str, Any] = client.stats(self.container.id, stream=False, one_shot=True)
            return usage
        finally:
            client.close()

    def _datagrams(self, seconds: float) -> socket.socket:
        sock = socket.socket(type=socket.SOCK_DGRAM)
        sock.connect((self.address, PORT))
        sock.settimeout(seconds)
        return sock


def _received(sock: socket.socket, most: int) -> int:
    for number in range(most):
        try:
            sock.recv(10)
        except OSError:
            return number
    return most


def echo_ms(sock: socket.socket) -> float:
    """The median of a few."""
    return statistics.median(_echo_ms(sock) for _ in range(3))


def _echo_ms(sock: socket.socket) -> float:
    began = time.monotonic()
    sock.sendall(b"x")
    sock.recv(10)
    return (time.monotonic() - began) * 1000
