"""The log as a channel: for who has nothing else, and for trying things out."""

import structlog

from incidentops.domain.notifications.bundles import Bundle

log = structlog.get_logger()


class LogSender:
    """Writes a line of level warning."""

    def send(self, bundle: Bundle) -> str:
        log.warning("page", recipient=bundle.notifications[0].recipient, subject=bundle.subject)
        return "written"
