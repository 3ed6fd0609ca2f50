"""One question to one address, whatever the protocol."""

import time
from collections.abc import Callable

from incidentops.adapters.probes import amqp, http, postgres, redis
from incidentops.adapters.probes.conversation import Conversation
from incidentops.adapters.probes.verdict import Verdict
from incidentops.domain.probes import ProbeResult, ProbeSpec, Protocol

Talk = Callable[[Conversation, ProbeSpec], Verdict]

_TALKS: dict[Protocol, Talk] = {
    Protocol.TCP: lambda _, spec: Verdict(alive=True, detail=f"port {spec.port} accepts connections"),
    Protocol.HTTP: lambda conversation, spec: http.get(conversation, spec.path),
    Protocol.REDIS: lambda conversation, _: redis.ping(conversation),
    Protocol.POSTGRES: lambda conversation, _: postgres.begin(conversation),
    Protocol.AMQP: lambda conversation, _: amqp.greet(conversation),
}


def ask(spec: ProbeSpec, host: str, timeout_seconds: float) -> ProbeResult:
    """Ask `host` and answer within the timeout, alive or not; raises nothing but ValueError for a
    `health:` probe, which only the engine can answer."""
    if spec.protocol not in _TALKS:
        raise ValueError(f"{spec} is asked of the engine, not of the service")
    began = time.monotonic()
    verdict = _verdict(spec, host, timeout_seconds)
    return ProbeResult(verdict.alive, verdict.detail, round((time.monotonic() - began) * 1000, 1))


def _verdict(spec: ProbeSpec, host: str, timeout_seconds: float) -> Verdict:
    try:
        with Conversation(host, spec.port, timeout_seconds) as conversation:
            return _TALKS[spec.protocol](conversation, spec)
    except TimeoutError:
        return Verdict(alive=False, detail=f"no answer within {timeout_seconds:g} s")
    except OSError as error:
        return Verdict(alive=False, detail=(error.strerror or str(error)).lower())
