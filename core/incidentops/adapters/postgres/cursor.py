"""Where a page of the action log ended: (started_at, id) of its last row, as text for the client."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from incidentops.domain.actions import Action

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHECK_BYTES = 3  # tells a cursor from an accident; it is no signature, a cursor opens nothing


@dataclass(frozen=True, slots=True)
class Cursor:
    """The next page holds what is older than this."""

    started_at: datetime
    id: UUID

    @classmethod
    def after(cls, action: Action) -> "Cursor":
        return cls(action.started_at, action.id)

    def __str__(self) -> str:
        """Microseconds since the epoch (8 bytes), the id (16) and a check (3) in base64."""
        microseconds = (self.started_at - _EPOCH) // timedelta(microseconds=1)
        raw = microseconds.to_bytes(8, "big", signed=True) + self.id.bytes
        return base64.urlsafe_b64encode(raw + _check(raw)).decode("ascii")

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Raises ValueError for anything that `str` of a cursor did not give."""
        try:
            return cls._decode(base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True))
        except (ValueError, OverflowError) as error:
            raise ValueError(f"not a cursor of this list: {text[:80]!r}") from error

    @classmethod
    def _decode(cls, data: bytes) -> "Cursor":
        raw, check = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
        if check != _check(raw):
            raise ValueError("its check does not fit")
        microseconds = int.from_bytes(raw[:8], "big", signed=True)
        return cls(_EPOCH + timedelta(microseconds=microseconds), UUID(bytes=raw[8:]))


def _check(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=_CHECK_BYTES).digest()
