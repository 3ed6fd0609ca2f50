"""How a service is asked whether it answers: probe specifications, parsed from a label, never executed."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class Protocol(StrEnum):
    """The closed set of protocols a probe can speak."""

    TCP = "tcp"
    HTTP = "http"
    REDIS = "redis"
    AMQP = "amqp"
    POSTGRES = "postgres"
    HEALTH = "health"


DEFAULT_PORTS = {Protocol.HTTP: 80, Protocol.REDIS: 6379, Protocol.AMQP: 5672, Protocol.POSTGRES: 5432}
_MAX_PORT = 65535
_MAX_LENGTH = 256


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """One way to ask: protocol, port inside the container, and for HTTP a path."""

    protocol: Protocol
    port: int = 0
    path: str = "/"

    def __str__(self) -> str:
        if self.protocol is Protocol.HEALTH:
            return "health:"
        path = self.path if self.protocol is Protocol.HTTP else ""
        return f"{self.protocol}://:{self.port}{path}"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One answer: `alive`, a sentence about it, and how long it took in milliseconds."""

    alive: bool
    detail: str
    duration_ms: float


HEALTHCHECK = ProbeSpec(Protocol.HEALTH)


def parse_probe(text: str) -> ProbeSpec:
    """Parse `tcp://:5432`, `http://:8000/health`, `redis://:6379`, `amqp://`, `postgres://` or `health:`.

    Raises ValueError with a sentence that says what to write instead. A host is refused: a probe only
    ever asks the service it belongs to.
    """
    if len(text) > _MAX_LENGTH or not text.isprintable() or " " in text:
        raise ValueError(f"a probe is at most {_MAX_LENGTH} printable characters without blanks")
    if text == "health:":
        return HEALTHCHECK
    parts = urlsplit(text)
    protocol = _protocol(parts.scheme)
    if parts.hostname:
        raise ValueError("a probe names no host; write it as protocol://:port")
    return ProbeSpec(protocol, _port(protocol, parts.netloc), _path(parts.path, parts.query))


def _protocol(scheme: str) -> Protocol:
    known = [member.value for member in Protocol if member is not Protocol.HEALTH]
    if scheme not in known:
        raise ValueError(f"unknown protocol {scheme!r}; use health: or one of {', '.join(known)}")
    return Protocol(scheme)


def _port(protocol: Protocol, netloc: str) -> int:
    text = netloc.removeprefix(":")
    if not text and protocol in DEFAULT_PORTS:
        return DEFAULT_PORTS[protocol]
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= _MAX_PORT:
        raise ValueError(f"{text!r} is not a port; use 1 to {_MAX_PORT}")
    return int(text)


def _path(path: str, query: str) -> str:
    return (path or "/") + (f"?{query}" if query else "")
