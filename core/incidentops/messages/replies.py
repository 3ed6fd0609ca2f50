"""How a command is answered."""

from datetime import datetime
from typing import Any

from incidentops.messages.envelope import Message


def reply_to(command: Message, actor: str, at: datetime, payload: dict[str, Any]) -> Message:
    """The answer of `actor` to a command: same type and correlation, caused by it."""
    return Message(
        type=command.type,
        occurred_at=at,
        actor=actor,
        correlation_id=command.correlation_id,
        causation_id=command.id,
        payload=payload,
    )
