"""The envelope of every message on the bus (DESIGN 5.4)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from incidentops.domain.errors import MalformedMessage
from incidentops.messages.ids import uuid7

MAX_BYTES = 256 * 1024


class Message(BaseModel):
    """A command (imperative: `worker.ping`) or an event (past tense: `service.stopped`).

    `id` is a UUIDv7 and the key of idempotency; `correlation_id` joins everything one cause set off,
    `causation_id` is the message that led to this one. Past `expires_at` a command is refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID = Field(default_factory=uuid7)
    type: str = Field(pattern=r"^[a-z]+(\.[a-z_]+)+$", max_length=100)
    version: int = Field(default=1, ge=1)
    occurred_at: AwareDatetime
    actor: str = Field(min_length=1, max_length=200)
    correlation_id: UUID = Field(default_factory=uuid7)
    causation_id: UUID | None = None
    traceparent: str | None = Field(default=None, max_length=100)
    expires_at: AwareDatetime | None = None
    payload: dict[str, Any] = Field(default_factory=dict)

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and now > self.expires_at

    def encode(self) -> bytes:
        return self.model_dump_json(exclude_none=True).encode()


def decode(body: bytes) -> Message:
    """Read an envelope. Raises MalformedMessage saying which fields are wrong."""
    if len(body) > MAX_BYTES:
        raise MalformedMessage(f"message of {len(body)} bytes; at most {MAX_BYTES}")
    try:
        return Message.model_validate_json(body)
    except ValidationError as error:
        raise MalformedMessage(_summary(error)) from error


def _summary(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc']) or 'body'}: {item['msg']}"
        for item in error.errors(include_url=False, include_input=False)
    )
