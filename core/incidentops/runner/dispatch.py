"""Which handler takes which command of one service; every service answers `<service>.ping`."""

import time
from collections.abc import Mapping
from typing import Any

from incidentops.domain.errors import MalformedMessage
from incidentops.messages.envelope import Message
from incidentops.messages.replies import reply_to
from incidentops.ports import Clock, Handler


class Dispatch:
    """A `Handler` that hands each command to the handler of its type. Unknown types are dead letters."""

    def __init__(self, service: str, version: str, handlers: Mapping[str, Handler], clock: Clock) -> None:
        self._service, self._version, self._clock = service, version, clock
        self._begun = time.monotonic()
        self._handlers: dict[str, Handler] = {**handlers, f"{service}.ping": self._ping}

    def __call__(self, message: Message) -> Message | None:
        handler = self._handlers.get(message.type)
        if handler is None:
            known = ", ".join(sorted(self._handlers))
            raise MalformedMessage(f"{self._service} knows no command {message.type!r}, only {known}")
        return handler(message)

    def _ping(self, message: Message) -> Message:
        payload: dict[str, Any] = {
            "service": self._service,
            "version": self._version,
            "uptime_seconds": round(time.monotonic() - self._begun, 3),
        }
        return reply_to(message, self._service, self._clock.now(), payload)
