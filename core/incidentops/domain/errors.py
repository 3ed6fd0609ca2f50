"""The errors that cross a port. Adapters translate their library's errors into these at the edge."""


class IncidentOpsError(Exception):
    """Base of every error the product raises on purpose; its text is a sentence for the operator."""


class Unavailable(IncidentOpsError):
    """A dependency does not answer; `part` names it (engine, postgres, rabbitmq, redis)."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(f"{part} is not available: {reason}")
        self.part = part
        self.reason = reason


class ContainerGone(IncidentOpsError):
    """The container asked for no longer exists."""


class EngineRefused(IncidentOpsError):
    """The engine answered and said no; the text carries the engine's own words."""


class MalformedMessage(IncidentOpsError):
    """A bus message that cannot be read; goes to the dead-letter queue with this text as the reason."""


class StaleCommand(IncidentOpsError):
    """A command past its `expires_at`, or aimed at a container that has started anew since."""
