"""Every exchange, queue and routing key, in one place. Names are contracts: change them with a migration."""

from dataclasses import dataclass

COMMANDS = "incidentops.commands"
EVENTS = "incidentops.events"
DEAD_LETTER_EXCHANGE = "incidentops.dead-letters"
RETRY_EXCHANGE = "incidentops.retries"
DEAD_LETTER_QUEUE = "dead-letters"

EVENT_WORDS = frozenset({"service", "action", "fault", "experiment", "remediation"})
"""First words of message types that are events; every other type is a command to the service it names."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable quorum queue and the routing patterns it is bound with."""

    name: str
    exchange: str
    patterns: tuple[str, ...]


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("backend.commands", COMMANDS, ("backend.#",)),
        Queue("backend.events", EVENTS, ("experiment.#",)),
        Queue("worker.commands", COMMANDS, ("worker.#",)),
        Queue("chaos.commands", COMMANDS, ("chaos.#",)),
        Queue("remediator.commands", COMMANDS, ("remediator.#",)),
        Queue("remediator.events", EVENTS, ("service.#",)),
    )
}

MAX_ATTEMPTS = 4
RETRY_DELAYS_MS = (200, 1_000, 5_000)


def exchange_of(message_type: str) -> str:
    """The exchange a message type is published to; its routing key is the type itself."""
    return EVENTS if message_type.partition(".")[0] in EVENT_WORDS else COMMANDS
