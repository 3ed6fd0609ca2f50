"""Making volumes and `.env` agree: a fresh clone generates new passwords, the volumes hold the old ones."""

import base64
import hashlib
import json
import os
import urllib.request

from infrastructure.bring_up import env_file
from infrastructure.bring_up.commands import CommandError
from infrastructure.bring_up.setup_error import SetupError
from infrastructure.bring_up.stack import Stack

USER = "incidentops"
DEFAULT = "incidentops"
CONSOLE = "http://127.0.0.1:15672/api/whoami"
IMPORT = """
umask 077
trap 'rm -f /tmp/user.json' EXIT
cat > /tmp/user.json
rabbitmqctl --quiet import_definitions /tmp/user.json
"""


def heal(stack: Stack, console: str = CONSOLE) -> bool:
    """Set the passwords of `.env` in the running postgres and rabbitmq; returns whether rabbitmq's differed.

    Each is told in its own container, the secret over standard input. Raises SetupError when one refuses.
    """
    try:
        _tell_postgres(stack)
        return _tell_rabbitmq(stack, console)
    except CommandError as failure:
        way_out = "`make clean` removes the volumes with all their data"
        raise SetupError("The data volumes do not take the passwords of .env", way_out) from failure


def _tell_postgres(stack: Stack) -> None:
    """The official image trusts its own socket, so the old password is not needed."""
    password = env_file.effective(stack.env_path, "POSTGRES_PASSWORD", DEFAULT).replace("'", "''")
    statements = f"ALTER ROLE {USER} PASSWORD '{password}';\nALTER ROLE postgres PASSWORD '{password}';\n"
    stack.execute(
        "postgres", "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--username=postgres",
        stdin=statements,
    )  # fmt: skip


def _tell_rabbitmq(stack: Stack, console: str) -> bool:
    """Import the user with its new hash (rabbitmqctl cannot be relied on to read a password from a pipe)."""
    password = env_file.effective(stack.env_path, "RABBITMQ_PASSWORD", DEFAULT)
    if _console_accepts(console, password):
        return False
    stack.execute("rabbitmq", "sh", "-c", IMPORT, stdin=json.dumps(_definitions(password)))
    return True


def _definitions(password: str) -> dict[str, object]:
    user = {
        "name": USER,
        "password_hash": rabbitmq_hash(password, os.urandom(4)),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": ["administrator"],
    }
    everything = {"user": USER, "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}
    return {"users": [user], "vhosts": [{"name": "/"}], "permissions": [everything]}


def rabbitmq_hash(password: str, salt: bytes) -> str:
    """The broker's own form of a password: base64 of the 4-byte salt and SHA-256 over salt and password."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def _console_accepts(console: str, password: str) -> bool:
    """Ask the broker's console: rabbitmqctl would start a whole Erlang machine for the same answer."""
    credentials = base64.b64encode(f"{USER}:{password}".encode()).decode()
    request = urllib.request.Request(console, headers={"Authorization": f"Basic {credentials}"})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=5):
            return True
    except OSError:  # refused (401 is an HTTPError, which is one of these) or not answering
        return False
