"""Without authentication nothing of ours may be published beyond this machine (SPINE part 9)."""

from collections.abc import Iterable
from ipaddress import ip_address

from incidentops.domain.containers import Container
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.labels import COMPOSE_PROJECT, SERVICE

_OUR_DOORS = frozenset({"backend", "frontend"})


class Exposed(IncidentOpsError):
    """The control plane is reachable from other machines, and nobody is asked who they are."""

    def __init__(self, where: list[str]) -> None:
        super().__init__(
            f"Refusing to serve: no authentication is configured and {', '.join(where)} is published beyond "
            "this machine. Publish it on 127.0.0.1 (ports: '127.0.0.1:8000:8000')."
        )


def check_exposure(containers: Iterable[Container], own_project: str) -> None:
    """Raises Exposed when a door of our own project is published on anything but loopback."""
    doors = (
        item
        for item in containers
        if item.labels.get(COMPOSE_PROJECT) == own_project and item.labels.get(SERVICE) in _OUR_DOORS
    )
    exposed = [
        f"{item.name} on {address}" for item in doors for address in item.published if not _loopback(address)
    ]
    if exposed:
        raise Exposed(exposed)


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
