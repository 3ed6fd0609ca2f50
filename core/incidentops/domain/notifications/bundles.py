"""Many messages for one person as one: a storm fills no mailbox, and nothing of it is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from incidentops.domain.notifications.contacts import ContactMethod
from incidentops.domain.notifications.notification import Notification

BURST = 5
BURST_WINDOW = timedelta(minutes=1)
"""So many messages in such a time reach a person one by one; what comes beyond waits to be bundled."""
GATHER = timedelta(seconds=10)
"""How long the oldest of those that wait may wait."""

_BUNDLES = UUID("6d0f3a51-9f1e-5b43-8d02-7c3e9a4f1b60")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Notifications that go to one person by one method as one message."""

    notifications: tuple[Notification, ...]

    @property
    def method(self) -> ContactMethod:
        return self.notifications[0].method

    @property
    def key(self) -> str:
        """The idempotency key on the wire: of one message its own, of several that of exactly these. Else a receiver
        that knows the first of them from another try would drop the others."""
        keys = [item.key for item in self.notifications]
        return keys[0] if len(keys) == 1 else str(uuid5(_BUNDLES, "\x1f".join(sorted(keys))))

    @property
    def subject(self) -> str:
        first = self.notifications[0].subject
        more = len(self.notifications) - 1
        return f"{first} (and {more} more)" if more else first

    @property
    def body(self) -> str:
        if len(self.notifications) == 1:
            return self.notifications[0].body
        return "\n\n".join(f"{item.subject}\n{item.body}" for item in self.notifications)


def bundled(notifications: Sequence[Notification]) -> list[Bundle]:
    """What goes out together: same recipient, same method; the order of the first of each is kept."""
    together: dict[tuple[str, ContactMethod], list[Notification]] = {}
    for item in notifications:
        together.setdefault((item.recipient, item.method), []).append(item)
    return [Bundle(tuple(items)) for items in together.values()]
