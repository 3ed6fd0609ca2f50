"""What the containers of a service look like once a verb has taken effect."""

from collections.abc import Callable
from datetime import datetime

from incidentops.domain.containers import Container
from incidentops.domain.services import Verb

Effect = Callable[[list[Container]], bool]


def effect_of(verb: Verb, started_at: datetime | None) -> Effect:
    """The condition that ends a verb's wait; `started_at` is when the service had started before it."""
    match verb:
        case Verb.STOP | Verb.KILL:
            return lambda containers: not any(item.running for item in containers)
        case Verb.PAUSE:
            return lambda containers: all(item.status == "paused" for item in containers)
        case Verb.RESTART | Verb.RECREATE:
            return lambda containers: all(
                item.running and item.started_at != started_at for item in containers
            )
        case _:
            return lambda containers: all(item.running for item in containers)
