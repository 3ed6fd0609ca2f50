"""HTTP: GET and the status line. Redirects and demands for credentials are answers."""

from urllib.parse import quote

from incidentops.adapters.probes.conversation import Conversation
from incidentops.adapters.probes.verdict import Verdict

_SUCCESS = range(200, 400)
_CHALLENGES = frozenset({401, 403, 407})


def get(conversation: Conversation, path: str) -> Verdict:
    """Ask for `path`; 2xx, 3xx, 401, 403 and 407 are alive."""
    target = quote(path, safe="/?&=%:;,@+$!*'()~")
    head = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: incidentops-probe\r\n"
    conversation.send(f"{head}Accept: */*\r\nConnection: close\r\n\r\n".encode("ascii"))
    return _judge(conversation.read_line())


def _judge(line: bytes) -> Verdict:
    protocol, _, rest = line.decode("latin-1").partition(" ")
    code = rest[:3]
    if not protocol.startswith("HTTP/") or not (code.isascii() and code.isdecimal()):
        return Verdict(alive=False, detail="the answer is not HTTP")
    return Verdict(int(code) in _SUCCESS or int(code) in _CHALLENGES, f"HTTP {rest.strip()}")
