"""Channels that end in the panel: its own list of notifications, and a notification of the browser."""

import threading
from collections.abc import Callable
from typing import Any

from incidentops.domain.notifications.bundles import Bundle
from incidentops.ports.channels import NotDelivered
from incidentops_backend.live.clients import Clients

ANSWER_SECONDS = 5.0

SendAcknowledged = Callable[[str, dict[str, Any], str, Callable[[], None]], None]


class PanelSender:
    """The panel's list reads the outbox itself, so what is in it has been delivered."""

    def send(self, bundle: Bundle) -> str:
        return f"shown to {bundle.notifications[0].recipient}"


class BrowserSender:
    """A notification of every connected browser that may show them; one that confirms is enough."""

    def __init__(self, clients: Clients, send: SendAcknowledged) -> None:
        self._clients, self._send = clients, send

    def send(self, bundle: Bundle) -> str:
        sids = self._clients.receivers()
        if not sids:
            raise NotDelivered("no panel is open")
        shown = threading.Event()
        message = {"subject": bundle.subject, "body": bundle.body, "key": bundle.key}
        for sid in sids:
            self._send("page", message, sid, shown.set)
        if not shown.wait(ANSWER_SECONDS):
            raise NotDelivered(f"none of {len(sids)} open panels may show notifications")
        return "shown"
