"""Where the engine listens: a unix socket or a TCP address, from one URL."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

KEEPALIVE = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3))
        if hasattr(socket, name)  # macOS spells TCP_KEEPIDLE differently
    ),
]
"""Socket options with which the kernel ends a half-open TCP connection after about 11 s."""


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """One engine: `path` of its unix socket, or `host` and `port`."""

    url: str
    path: str | None
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> "EngineAddress":
        """Read `unix:///path` or `tcp://host:port`. Raises ValueError for anything else."""
        parts = urlsplit(url)
        if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
            return cls(url, parts.path, "localhost", 0)
        if parts.scheme == "tcp" and parts.hostname and parts.port:
            return cls(url, None, parts.hostname, parts.port)
        raise ValueError(f"engine URL {url!r} must read unix:///path/to/socket or tcp://host:port")

    def connect(self, timeout_seconds: float) -> socket.socket:
        """A new connected socket with that timeout set. Raises OSError."""
        if self.path is None:
            return self._connect_tcp(timeout_seconds)
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(timeout_seconds)
        try:
            sock.connect(self.path)
        except OSError:
            sock.close()
            raise
        return sock

    def _connect_tcp(self, timeout_seconds: float) -> socket.socket:
        sock = socket.create_connection((self.host, self.port), timeout_seconds)
        for level, option, value in KEEPALIVE:
            sock.setsockopt(level, option, value)
        return sock
