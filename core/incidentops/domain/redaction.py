"""Text of containers without what reads like a secret: arguments, addresses with a password, log lines."""

import re

MASK = "•••"
REVEALING = r"(?:passw(?:or)?d|passphrase|secret|token|credential|api_?key|requirepass|masterauth)"
"""What a name has in it whose value is a secret."""

_ASSIGNED = re.compile(rf"(?i)([\w.-]*{REVEALING}[\w.-]*\s*[=:]\s*)[^\s,;&]+")
_USERINFO = re.compile(r"(\w+://[^\s/:@]*:)[^\s/@]+(@)")
_INLINE_FLAG = re.compile(rf"(?i)(-{{1,2}}[\w.-]*{REVEALING}[\w.-]*\s+)\S+")


def redacted_text(text: str) -> str:
    """The text with the values of revealing names, flags and addresses masked."""
    text = _USERINFO.sub(rf"\1{MASK}\2", text)
    text = _ASSIGNED.sub(rf"\1{MASK}", text)
    return _INLINE_FLAG.sub(rf"\1{MASK}", text)
