"""At boot and after the engine's return: bring every service back to what the operator wants of it.

Our own services run unless the operator stopped them on purpose; a service of another project is touched only
when the operator once said what they want of it (its own project decides otherwise).
"""

import structlog

from incidentops.domain.actions import Actor, Source
from incidentops.domain.dependencies import start_order
from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.services import Service, ServiceState, Verb, Wish
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.act import Act

log = structlog.get_logger()

BOOT = Actor("backend", Source.BOOT)
_AT_REST = frozenset({ServiceState.EXITED, ServiceState.CREATED, ServiceState.DEAD})


class Restore:
    """`restore` is called after each (re)connect to the engine, once the view holds the whole truth."""

    def __init__(self, view: LiveView, act: Act, own_project: str) -> None:
        self._view, self._act, self._own_project = view, act, own_project

    def restore(self) -> list[str]:
        """Start, in dependency order, what should run and does not; stop what should not run and does.
        Returns the names acted on; a service that refuses is logged and passed over."""
        services = {service.name: service for service in self._view.services()}
        order = start_order({name: service.depends_on for name, service in services.items()})
        starts = [name for name in order.names if self._should_start(services[name])]
        stops = [name for name in reversed(order.names) if _should_stop(services[name])]
        stopped = [name for name in stops if self._try(Verb.STOP, name)]
        return [*stopped, *(name for name in starts if self._try(Verb.START, name))]

    def _should_start(self, service: Service) -> bool:
        if service.state not in _AT_REST:
            return False
        if service.wish is None:
            return service.project == self._own_project
        return service.wish is Wish.RUNNING

    def _try(self, verb: Verb, name: str) -> bool:
        try:
            self._act.perform(verb, name, BOOT)
        except IncidentOpsError as error:
            log.warning("wish_not_restored", service=name, verb=verb, reason=str(error))
            return False
        return True


def _should_stop(service: Service) -> bool:
    return service.wish is Wish.STOPPED and not service.protected and service.replicas.running > 0
