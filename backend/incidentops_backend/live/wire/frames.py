"""The few bytes of RFC 6455 that a server writes."""

import base64
import hashlib
import struct

_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT = 0x81
_SHORTEST, _LONGEST_MEDIUM = 125, 0xFFFF


def accepting(key: str) -> bytes:
    """The answer to an upgrade request with this `Sec-WebSocket-Key`; no extension is agreed on."""
    digest = hashlib.sha1((key + _GUID).encode(), usedforsecurity=False).digest()
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}\r\n\r\n"
    ).encode()


def text_frame(text: str) -> bytes:
    """A whole text message as one frame; the same bytes serve every client."""
    payload = text.encode()
    size = len(payload)
    if size <= _SHORTEST:
        head = struct.pack("!BB", _TEXT, size)
    elif size <= _LONGEST_MEDIUM:
        head = struct.pack("!BBH", _TEXT, 126, size)
    else:
        head = struct.pack("!BBQ", _TEXT, 127, size)
    return head + payload
