"""Who may ask: the rules that keep a web page elsewhere, or a rebound DNS name, from acting here.

A browser always sends Origin with a write and with a websocket; curl and scripts send none and may pass.
The Host is checked on every request: after DNS rebinding it is the attacker's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class AccessRules:
    """Origins that may write, and host names (without port) that this server answers to."""

    origins: frozenset[str]
    hosts: frozenset[str]

    @classmethod
    def from_origins(cls, origins: Iterable[str], own_names: Iterable[str] = ()) -> "AccessRules":
        """Rules for the given panel origins; their hosts, loopback and `own_names` are answered to."""
        known = frozenset(origin.rstrip("/").lower() for origin in origins)
        hosts = {name for origin in known if (name := urlsplit(origin).hostname)}
        return cls(known, frozenset(hosts) | LOOPBACK_NAMES | frozenset(own_names))

    def host_allowed(self, host: str) -> bool:
        """`host` is the Host header, with or without a port."""
        return _host_name(host) in self.hosts

    def origin_allowed(self, origin: str | None, host: str) -> bool:
        """No Origin (not a browser), the same origin as the Host asked for, or one on the list."""
        if origin is None:
            return True
        origin = origin.lower()
        if origin in self.origins:
            return True
        parts = urlsplit(origin)
        return parts.scheme in {"http", "https"} and parts.netloc == host.lower() and self.host_allowed(host)


@lru_cache(maxsize=256)
def _host_name(host: str) -> str | None:
    """Remembered: every request asks for it."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
