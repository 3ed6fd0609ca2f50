"""Everything that Apprise knows; the target is one of its URLs."""

import logging

import apprise

from incidentops.domain.notifications.bundles import Bundle
from incidentops.ports.channels import NotDelivered

logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # its lines hold URLs with tokens


class AppriseSender:
    """Apprise says yes or no and keeps its reasons for its log, which stays silent here."""

    def send(self, bundle: Bundle) -> str:
        service = apprise.Apprise()
        if not service.add(bundle.method.target):
            raise NotDelivered("Apprise does not know this kind of URL")
        try:
            accepted = service.notify(title=bundle.subject, body=bundle.body)
        except Exception as error:  # noqa: BLE001 - 130 plugins, each with errors of its own
            raise NotDelivered(f"Apprise failed with {type(error).__name__}") from None
        if not accepted:
            raise NotDelivered("the service did not accept it")
        return "accepted"
