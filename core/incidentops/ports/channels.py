"""What carries a message to somebody."""

from typing import Protocol

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.notifications.bundles import Bundle


class NotDelivered(IncidentOpsError):
    """The channel did not confirm; the text says why, without any part of the target."""


class Sender(Protocol):
    """One channel. Safe to use from many threads."""

    def send(self, bundle: Bundle) -> str:
        """Hand the message over; what the channel answered. Returning means that it has confirmed. Raises
        NotDelivered otherwise, within 30 s."""
        ...
