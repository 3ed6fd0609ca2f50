"""Postgres: the start of a session. Any answer but "starting up" or "shutting down" means it serves.

The rule is that of pg_isready: a refusal (wrong password, unknown role, too many clients) is an answer.
"""

import struct

from incidentops.adapters.probes.conversation import Conversation
from incidentops.adapters.probes.verdict import Verdict

_PROTOCOL_3 = 196608
_PARAMETERS = b"user\0incidentops_probe\0database\0postgres\0application_name\0incidentops-probe\0\0"
_NOT_SERVING = frozenset({"57P01", "57P02", "57P03"})
_LENGTH_SIZE = 4
_LONGEST_ERROR = 8192


def begin(conversation: Conversation) -> Verdict:
    """Send a startup message and judge the first message that comes back."""
    conversation.send(struct.pack("!II", len(_PARAMETERS) + 8, _PROTOCOL_3) + _PARAMETERS)
    kind, length = struct.unpack("!cI", conversation.read_exactly(5))
    if kind == b"R":
        return Verdict(alive=True, detail="it asks who we are")
    if kind == b"E" and _LENGTH_SIZE < length <= _LONGEST_ERROR:
        return _judge(conversation.read_exactly(length - _LENGTH_SIZE))
    return Verdict(alive=False, detail="the answer is not Postgres")


def _judge(body: bytes) -> Verdict:
    """An error message: fields of one letter and a text, each ended by a zero byte."""
    fields = {field[:1]: field[1:].decode("utf-8", "replace") for field in body.split(b"\0") if field}
    code = fields.get(b"C", "")
    return Verdict(code not in _NOT_SERVING, f"{code} {fields.get(b'M', '')}".strip())
