"""`.env`: what compose reads beside the files. Values are added, never changed, never printed."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

PASSWORDS = ("POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "REDIS_PASSWORD", "WEBHOOK_SECRET")
_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?(?P<key>[A-Za-z_]\w*)\s*=(?P<value>.*)$", re.MULTILINE)


def read(path: Path) -> dict[str, str]:
    """Every assignment in the file (quotes removed); empty where there is no file."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    return {found["key"]: _unquoted(found["value"]) for found in _ASSIGNMENT.finditer(text)}


def effective(path: Path, key: str, default: str = "") -> str:
    """The value compose will use: the caller's environment wins over the file, as in compose itself."""
    return os.environ.get(key) or read(path).get(key) or default


def merge(path: Path, values: Mapping[str, str]) -> list[str]:
    """Append the keys the file does not have yet and return them; what stands there stays byte for byte.

    A new file is readable by its owner only.
    """
    known = read(path)
    missing = {key: value for key, value in values.items() if key not in known}
    if not missing:
        return []
    path.touch(mode=0o600, exist_ok=True)
    before = path.read_text(encoding="utf-8")
    separator = "" if not before or before.endswith("\n") else "\n"
    lines = "".join(f"{key}={value}\n" for key, value in missing.items())
    with path.open("a", encoding="utf-8") as file:
        file.write(separator + lines)
    return list(missing)


def generated_passwords() -> dict[str, str]:
    """A fresh secret for every internal service and for signing webhooks, of characters that need no quoting in
    a URL or a shell."""
    return {key: secrets.token_hex(20) for key in PASSWORDS}


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.split(" #", maxsplit=1)[0].rstrip()
