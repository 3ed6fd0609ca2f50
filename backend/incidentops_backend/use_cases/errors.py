"""Why an action is not carried out. Each carries what the answer needs to say what to do instead."""

from uuid import UUID

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.services import Verb


class UnknownService(IncidentOpsError):
    """No managed service has this name; `known` lists those that exist."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"There is no service {name!r}. Known services: {', '.join(known) or 'none'}.")
        self.name = name
        self.known = known


class ServiceBusy(IncidentOpsError):
    """Another action runs on the service; it is named so that the caller can wait for it."""

    def __init__(self, name: str, verb: Verb, actor: str, action_id: UUID) -> None:
        super().__init__(
            f"Service {name} is busy: {verb} by {actor} is running. Try again when it has ended."
        )
        self.verb = verb
        self.actor = actor
        self.action_id = action_id


class ServiceProtected(IncidentOpsError):
    """The verb would take a protected service away."""

    def __init__(self, name: str, verb: Verb) -> None:
        super().__init__(f"Service {name} is protected: it may be restarted, but not {_past(verb)}.")
        self.legal = [Verb.PING, Verb.START, Verb.RESTART]


class ActionFailed(IncidentOpsError):
    """The action was tried and did not succeed; the text carries the engine's words."""

    def __init__(self, message: str, action_id: UUID) -> None:
        super().__init__(message)
        self.action_id = action_id


def _past(verb: Verb) -> str:
    return {Verb.STOP: "stopped", Verb.KILL: "killed", Verb.PAUSE: "paused"}.get(verb, f"{verb}ed")
