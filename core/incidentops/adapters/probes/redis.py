"""Redis: PING. A demand for a password is an answer; loading its data is not yet one."""

from incidentops.adapters.probes.conversation import Conversation
from incidentops.adapters.probes.verdict import Verdict

_ALIVE = (b"+PONG", b"-NOAUTH", b"-NOPERM", b"-DENIED")


def ping(conversation: Conversation) -> Verdict:
    """Send one inline PING and judge the line that comes back."""
    conversation.send(b"PING\r\n")
    line = conversation.read_line()
    return Verdict(line.startswith(_ALIVE), line.decode("utf-8", "replace"))
