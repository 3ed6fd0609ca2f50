"""Where a page of the action log ended: (started_at, id) of its last row, as text for the client."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from incidentops.domain.actions import Action

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The next page holds what is older than this."""

    started_at: datetime
    id: UUID

    @classmethod
    def after(cls, action: Action) -> "Cursor":
        return cls(action.started_at, action.id)

    def __str__(self) -> str:
        microseconds = (self.started_at - _EPOCH) // timedelta(microseconds=1)
        raw = microseconds.to_bytes(8, "big", signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(raw).decode("ascii")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises ValueError for anything that `str` of a cursor did not give."""
        try:
            raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            microseconds = int.from_bytes(raw[:8], "big", signed=True)
            return cls(_EPOCH + timedelta(microseconds=microseconds), UUID(bytes=raw[8:]))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"not a cursor of this list: {text[:80]!r}") from error
