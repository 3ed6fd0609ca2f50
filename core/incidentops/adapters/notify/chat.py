"""Chat rooms: Slack's incoming webhooks, which Mattermost, Rocket.Chat and others take too, and ntfy."""

import json
from urllib.parse import urlsplit

from incidentops.adapters.notify.posting import post
from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Urgency
from incidentops.ports.channels import NotDelivered

_PRIORITIES = {Urgency.HIGH: 5, Urgency.LOW: 3}


class SlackSender:
    """Posts to an incoming webhook; the target is its URL."""

    def send(self, bundle: Bundle) -> str:
        text = f"*{_escaped(bundle.subject)}*\n{_escaped(bundle.body)}"
        return post(bundle.method.target, json.dumps({"text": text}).encode(), {})


class NtfySender:
    """Publishes to a topic of an ntfy server; the target is the topic's URL."""

    def send(self, bundle: Bundle) -> str:
        parts = urlsplit(bundle.method.target)
        topic = parts.path.strip("/")
        if not topic or "/" in topic:
            raise NotDelivered("an ntfy target ends in the name of one topic")
        document = {
            "topic": topic,
            "title": bundle.subject,
            "message": bundle.body,
            "priority": _PRIORITIES[bundle.notifications[0].urgency],
        }
        return post(f"{parts.scheme}://{parts.netloc}/", json.dumps(document).encode(), {})


def _escaped(text: str) -> str:
    """Slack's three control characters, so that no alert can mention a whole channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
