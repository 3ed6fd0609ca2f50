"""The ways to reach somebody."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """What carries a message."""

    WEBHOOK = "webhook"
    EMAIL = "email"
    SLACK = "slack"
    NTFY = "ntfy"
    PANEL = "panel"
    BROWSER = "browser"
    LOG = "log"
    APPRISE = "apprise"


class Urgency(StrEnum):
    """Whether a message may wait for the morning."""

    HIGH = "high"
    LOW = "low"


NEEDS_NO_TARGET = frozenset({Channel.PANEL, Channel.BROWSER, Channel.LOG})


@dataclass(frozen=True, slots=True)
class ContactMethod:
    """A channel and where it leads: an address for email, a URL otherwise, nothing for the panel, the browser
    and the log. Targets hold secrets; show them only through `redaction.redacted_target`."""

    channel: Channel
    target: str = ""
    urgencies: tuple[Urgency, ...] = (Urgency.HIGH, Urgency.LOW)
