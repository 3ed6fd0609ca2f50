"""Reading the payload of a message."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from incidentops.domain.errors import MalformedMessage
from incidentops.messages.envelope import Message

Payload = TypeVar("Payload", bound=BaseModel)
Answer = Callable[[Message], dict[str, Any]]
"""Carries a command out; what it returns is the payload of the reply."""


def read_payload(model: type[Payload], message: Message) -> Payload:
    """Raises MalformedMessage saying which fields are wrong."""
    try:
        return model.model_validate(message.payload)
    except ValidationError as error:
        raise MalformedMessage(str(error)) from error
