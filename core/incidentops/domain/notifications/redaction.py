"""Targets of channels without what would let a reader send, too."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from incidentops.domain.notifications.contacts import ContactMethod

HIDDEN = "…"
_PLAIN_SCHEMES = frozenset({"http", "https"})  # in the URLs of others a token may stand as the host


def redacted_target(target: str) -> str:
    """The scheme and host of a URL; its path, query and credentials are often the secret itself. An address
    of email stays: it opens nothing."""
    if "://" not in target:
        return target
    scheme = target.partition("://")[0]
    if scheme not in _PLAIN_SCHEMES:
        return f"{scheme}://{HIDDEN}"
    try:
        parts = urlsplit(target)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return HIDDEN
    return f"{scheme}://{parts.hostname or HIDDEN}{port}/{HIDDEN}"


def redacted_answer(text: str, target: str) -> str:
    """What a channel answered, without any part of its target."""
    for secret in sorted(_secrets(target), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def unredacted(method: ContactMethod, known: Sequence[ContactMethod]) -> ContactMethod:
    """The method with its real target, when it was sent back as it had been shown. Raises ValueError when none
    of those known was shown like this."""
    if HIDDEN not in method.target:
        return method
    for item in known:
        if item.channel is method.channel and redacted_target(item.target) == method.target:
            return replace(method, target=item.target)
    raise ValueError(f"the target {method.target} of a {method.channel} method is not complete")


def _secrets(target: str) -> set[str]:
    """The target and its parts, the host excepted."""
    if "://" not in target:
        return set()
    rest = target.partition("://")[2]
    credentials, _, after = rest.rpartition("@")
    path = after.partition("/")[2]
    return {part for part in (target, rest, credentials, path, *path.split("/")) if len(part) > 3}  # noqa: PLR2004 - shorter ones are words of their own
