"""AMQP 0-9-1: the protocol header, answered by the method Connection.Start."""

import struct

from incidentops.adapters.probes.conversation import Conversation
from incidentops.adapters.probes.verdict import Verdict

_HEADER = b"AMQP\x00\x00\x09\x01"
_METHOD_FRAME = 1
_CONNECTION_START = (10, 10)
_SHORTEST_METHOD = 4


def greet(conversation: Conversation) -> Verdict:
    """Send the header; Connection.Start is alive, anything else is not."""
    conversation.send(_HEADER)
    frame, channel, size = struct.unpack("!BHI", conversation.read_exactly(7))
    if (frame, channel) != (_METHOD_FRAME, 0) or size < _SHORTEST_METHOD:
        return Verdict(alive=False, detail="the answer is not AMQP 0-9-1")
    method = struct.unpack("!HH", conversation.read_exactly(4))
    if method != _CONNECTION_START:
        return Verdict(alive=False, detail=f"unexpected AMQP method {method[0]}.{method[1]}")
    return Verdict(alive=True, detail="Connection.Start")
