"""The body of `GET /services`, made anew only when the view has changed: many readers, few changes."""

import threading

from flask import json

from incidentops_backend.reads.view import LiveView
from incidentops_backend.schemas import service_out


class ServiceListing:
    """Thread-safe. While the engine is away ages grow, so every answer is made for its own moment."""

    def __init__(self, view: LiveView) -> None:
        self._view = view
        self._lock = threading.Lock()
        self._made_at = -1
        self._body = b""

    def body(self) -> bytes:
        """A JSON array of all services, at least as new as the moment of the call."""
        changes = self._view.changes
        if self._view.engine_lost_at is not None:
            return self._made()
        with self._lock:
            if changes != self._made_at:
                self._body, self._made_at = self._made(), changes
            return self._body

    def _made(self) -> bytes:
        return json.dumps(
            [service_out(item).model_dump(mode="json") for item in self._view.services()]
        ).encode()
