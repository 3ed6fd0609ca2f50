"""Telling somebody something by hand or by program (seed 003's notify)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from incidentops.domain.notifications.contacts import ContactMethod, Urgency
from incidentops.domain.notifications.notification import Kind, Notification, Told
from incidentops.domain.notifications.redaction import unredacted
from incidentops.domain.oncall.people import User
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops.ports.oncall import Directory
from incidentops.ports.outbox import Outbox
from incidentops_backend.use_cases.oncall.book import IncompleteTarget, UnknownEntry

NOBODY = "(direct)"


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell: to a recipient by their own ways, by one method, or by one of the recipient's methods."""

    recipient: str | None
    method: ContactMethod | None
    subject: str
    body: str
    urgency: Urgency = Urgency.HIGH
    incident_id: UUID | None = None
    id: UUID | None = None


class Notify:
    """Puts messages into the outbox; returning means durable."""

    def __init__(
        self, directory: Directory, outbox: Outbox, clock: Clock, enqueued: Callable[[list[str]], None]
    ) -> None:
        self._directory, self._outbox, self._clock, self._enqueued = directory, outbox, clock, enqueued

    def send(self, message: Message) -> Told:
        """The notification as it stands; with an `id` that is known, the one there is. Raises UnknownEntry for a
        recipient who does not exist or has no way to be reached, IncompleteTarget for a target with a hidden part
        that the recipient has no method for."""
        now = self._clock.now()
        user = self._addressee(message)
        notification = Notification(
            id=message.id or uuid7(),
            kind=Kind.MESSAGE,
            recipient=user.name,
            urgency=message.urgency,
            subject=message.subject or message.body.splitlines()[0][:200],
            body=message.body,
            methods=user.methods_for(message.urgency),
            created_at=now,
            due_at=user.free_at(message.urgency, now),
            incident_id=message.incident_id,
        )
        self._outbox.enqueue([notification])
        self._enqueued([str(notification.id)])
        return self._outbox.find(notification.id) or Told(notification)

    def _addressee(self, message: Message) -> User:
        if message.method is None:
            return self._user(message.recipient)
        user = self._user(message.recipient) if message.recipient else User(NOBODY)
        try:
            return replace(user, methods=(unredacted(message.method, user.methods),))
        except ValueError as error:
            raise IncompleteTarget(str(error)) from None

    def _user(self, name: str | None) -> User:
        users = {user.name: user for user in self._directory.roster().users.values() if user.methods}
        if name in users:
            return users[name]
        raise UnknownEntry(User, name or "", sorted(users))
