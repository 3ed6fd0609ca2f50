"""What an incident reaches: its service, what that stands on, and what stands on it."""

from incidentops.domain.dependencies import dependents, needs
from incidentops.domain.evidence import Role
from incidentops.domain.incidents import Incident
from incidentops_backend.reads.view import LiveView

MAX_SERVICES = 100


class Radius:
    """Reads the live view; also what the service stood on when the incident began counts."""

    def __init__(self, view: LiveView) -> None:
        self._view = view

    def of(self, incident: Incident) -> dict[str, Role]:
        """Services by name: the affected one first, then those it stands on, then those that stand on it; at most
        MAX_SERVICES."""
        depends_on = {service.name: service.depends_on for service in self._view.services()}
        roles = {incident.service: Role.AFFECTED}
        for name in (*incident.upstream, *needs(incident.service, depends_on)):
            roles.setdefault(name, Role.UPSTREAM)
        for name in dependents(incident.service, depends_on):
            roles.setdefault(name, Role.DOWNSTREAM)
        return dict(list(roles.items())[:MAX_SERVICES])
