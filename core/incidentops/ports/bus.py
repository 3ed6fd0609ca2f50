"""Commands and events between the services."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from incidentops.messages.envelope import Message

Handler = Callable[[Message], Message | None]
"""Handles one message; what it returns answers a command that asked for a reply. Raising `MalformedMessage`
or `StaleCommand` dead-letters the message with the text as reason; any other error retries it, with a
delay, a bounded number of times, then dead-letters it."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused message: where it came from, why, when, and its body as text (shortened)."""

    queue: str
    reason: str
    at: datetime
    message_type: str | None
    body: str


class Bus(Protocol):
    """Commands and events between the services (DESIGN 5.4). Safe to use from many threads."""

    def publish(self, message: Message, *, timeout_seconds: float = 0.5) -> None:
        """Returns once the broker has confirmed the message. Raises `Unavailable("rabbitmq", …)` when it has
        not within the timeout, or when no queue would receive a command (an event happened whether or not
        anybody listens)."""
        ...

    def request(self, command: Message, *, timeout_seconds: float) -> Message:
        """Publish a command and wait for its answer; without `expires_at` it expires with the wait. Raises
        `Unavailable("rabbitmq", …)` when the broker is away, `TimeoutError` when nobody answered in time."""
        ...

    def subscribe(self, queue: str, handler: Handler, *, prefetch: int = 16) -> None:
        """Consume a queue of `messages.topology` in a thread of its own, across reconnects, until close. A
        message is acknowledged after its handler has returned; a message id already handled is
        acknowledged without handling it again."""
        ...

    def dead_letters(self, limit: int = 50) -> list[DeadLetter]:
        """The newest refused messages, newest first, left where they are."""
        ...

    def connected(self) -> bool: ...

    def close(self) -> None:
        """Finish the messages in hand, then leave."""
        ...
