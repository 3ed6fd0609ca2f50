"""The bytes of the spool.

A segment file is a row of records and nothing else. One record, integers big-endian:

    marker    4 bytes   F1 9A 49 4F; no payload holds it, payloads are ASCII
    length    4 bytes   of the body
    digest    8 bytes   BLAKE2b of length and body
    body      length    seq 8 | id 16 | received_at 8 | kind length 1 | kind | payload

`seq` grows from record to record over the life of the spool; `id` is the fact's own (a UUID); `received_at`
counts microseconds since the epoch, UTC; `kind` names the payload's form (`action/1`); `payload` is ASCII
JSON. A record whose digest does not fit is no record: reading goes on at the next marker whose record does.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

_MARKER = b"\xf1\x9aIO"
_LENGTH = struct.Struct(">I")
_FIXED = struct.Struct(">Q16sqB")
_DIGEST_BYTES = 8
_HEAD_BYTES = len(_MARKER) + _LENGTH.size + _DIGEST_BYTES
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_PAYLOAD_BYTES = 1 << 20
_MAX_BODY_BYTES = _MAX_PAYLOAD_BYTES + 1024


@dataclass(frozen=True, slots=True)
class Record:
    """One accepted fact, in the order of `seq`."""

    seq: int
    id: UUID
    received_at: datetime
    kind: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no record; `at_end` when no record follows them (a torn tail)."""

    offset: int
    length: int
    at_end: bool


def check_payload(payload: bytes) -> None:
    """Raises ValueError for what no record can hold."""
    if not payload.isascii():
        raise ValueError("a payload is ASCII")
    if len(payload) > _MAX_PAYLOAD_BYTES:
        raise ValueError(f"a payload of {len(payload)} bytes is too large for the spool")


def encode(record: Record) -> bytes:
    """Raises ValueError as `check_payload` does."""
    check_payload(record.payload)
    kind = record.kind.encode("ascii")
    received = (record.received_at - _EPOCH) // timedelta(microseconds=1)
    body = _FIXED.pack(record.seq, record.id.bytes, received, len(kind)) + kind + record.payload
    length = _LENGTH.pack(len(body))
    return _MARKER + length + _digest(length, body) + body


def scan(data: bytes) -> Iterator[tuple[int, Record] | Damage]:
    """Every record of a segment with the offset behind it, and the damage between them."""
    offset = 0
    while offset < len(data):
        found = _record_at(data, offset)
        if found is not None:
            offset, record = found
            yield offset, record
            continue
        after = _next_record(data, offset + 1)
        yield Damage(offset, (after or len(data)) - offset, at_end=after is None)
        offset = after or len(data)


def _next_record(data: bytes, start: int) -> int | None:
    """The offset of the next intact record."""
    offset = data.find(_MARKER, start)
    while offset != -1:
        if _record_at(data, offset) is not None:
            return offset
        offset = data.find(_MARKER, offset + 1)
    return None


def _record_at(data: bytes, offset: int) -> tuple[int, Record] | None:
    """The intact record that begins here and the offset behind it."""
    body_at = offset + _HEAD_BYTES
    head = data[offset:body_at]
    if len(head) < _HEAD_BYTES or not head.startswith(_MARKER):
        return None
    length = head[len(_MARKER) : len(_MARKER) + _LENGTH.size]
    size = _LENGTH.unpack(length)[0]
    body = data[body_at : body_at + size] if size <= _MAX_BODY_BYTES else b""
    if len(body) < size or _digest(length, body) != head[-_DIGEST_BYTES:]:
        return None
    record = _decode_body(body)
    return (body_at + size, record) if record is not None else None


def _decode_body(body: bytes) -> Record | None:
    if len(body) < _FIXED.size:
        return None
    seq, identity, received, kind_length = _FIXED.unpack_from(body)
    kind_end = _FIXED.size + kind_length
    return Record(
        seq=seq,
        id=UUID(bytes=identity),
        received_at=_EPOCH + timedelta(microseconds=received),
        kind=body[_FIXED.size : kind_end].decode("ascii"),
        payload=body[kind_end:],
    )


def _digest(length: bytes, body: bytes) -> bytes:
    return blake2b(length + body, digest_size=_DIGEST_BYTES).digest()
