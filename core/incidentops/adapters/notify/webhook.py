"""A signed webhook for programs of one's own."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime

from incidentops.adapters.notify.posting import post
from incidentops.domain.notifications.bundles import Bundle

SIGNATURE, TIMESTAMP, KEY = "Incidentops-Signature", "Incidentops-Timestamp", "Idempotency-Key"


class WebhookSender:
    """Posts JSON. `Incidentops-Signature` is `sha256=` and the HMAC-SHA256, under the shared secret, of the
    timestamp header, a dot and the body; `Idempotency-Key` is the same for every try of one message."""

    def __init__(self, secret: str, now: Callable[[], datetime]) -> None:
        self._secret, self._now = secret, now

    def send(self, bundle: Bundle) -> str:
        body = _body(bundle)
        timestamp = str(int(self._now().timestamp()))
        headers = {
            KEY: bundle.key,
            TIMESTAMP: timestamp,
            SIGNATURE: f"sha256={signature(self._secret, timestamp, body)}",
        }
        return post(bundle.method.target, body, headers)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What a receiver compares with."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _body(bundle: Bundle) -> bytes:
    messages = [
        {
            "id": str(item.id),
            "kind": item.kind,
            "urgency": item.urgency,
            "incident_id": str(item.incident_id) if item.incident_id else None,
            "subject": item.subject,
            "body": item.body,
        }
        for item in bundle.notifications
    ]
    recipient = bundle.notifications[0].recipient
    document = {"recipient": recipient, "subject": bundle.subject, "body": bundle.body, "messages": messages}
    return json.dumps(document).encode()
