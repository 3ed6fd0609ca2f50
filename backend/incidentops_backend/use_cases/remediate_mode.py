"""The recovery mode an operator chooses for a service; it stands above the label's."""

from incidentops.domain.actions import Actor
from incidentops.domain.services import RecoveryMode, Service
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.act import Act
from incidentops_backend.use_cases.action_log import ActionLog


class RecoveryModes:
    """Raises UnknownService, and Unavailable when neither Postgres nor the spool takes it."""

    def __init__(self, act: Act, view: LiveView, log: ActionLog) -> None:
        self._act, self._view, self._log = act, view, log

    def choose(self, name: str, mode: RecoveryMode, actor: Actor) -> Service:
        """Remember the mode durably, then show it. Applies to the next death: what is down now stays down
        until somebody starts it."""
        service = self._act.known(name)
        self._log.recovery(name, mode, actor)
        self._view.set_recovery_modes({name: mode})
        return self._view.find(name) or service
