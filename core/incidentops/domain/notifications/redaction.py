"""Targets of channels without what would let a reader send, too."""

from urllib.parse import urlsplit

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


def _secrets(target: str) -> set[str]:
    """The target and its parts, the host excepted."""
    if "://" not in target:
        return set()
    rest = target.partition("://")[2]
    credentials, _, after = rest.rpartition("@")
    path = after.partition("/")[2]
    return {part for part in (target, rest, credentials, path, *path.split("/")) if len(part) > 3}  # noqa: PLR2004 - shorter ones are words of their own
