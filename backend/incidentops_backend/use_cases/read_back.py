"""Reads one container from the engine into the view, never over something newer."""

from incidentops.domain.errors import ContainerGone
from incidentops.ports import Engine
from incidentops_backend.reads.view import LiveView

ATTEMPTS = 5
"""Events of one action come in a burst of two to four; after that many the view knows the end from them."""


def read_back(engine: Engine, view: LiveView, container_id: str) -> None:
    """Inspect until no event arrived meanwhile. Raises Unavailable when the engine does not answer."""
    for _ in range(ATTEMPTS):
        version = view.version(container_id)
        try:
            container = engine.inspect(container_id)
        except ContainerGone:
            view.remove(container_id)
            return
        if view.put(container, version):
            return
