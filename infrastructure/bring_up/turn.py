"""One at a time: two runs over the same containers leave neither's stack behind."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infrastructure.bring_up.setup_error import SetupError

LOCK = Path(tempfile.gettempdir()) / f"incidentops-{os.getuid()}.lock"


@contextmanager
def take(lock: Path = LOCK) -> Iterator[None]:
    """Hold this user's turn on the machine, whatever clone it is taken from; the kernel ends it with the process.

    Raises SetupError when another run has it.
    """
    with lock.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise SetupError(
                "Another `make up`, `down` or `clean` is at work", "wait until it has ended"
            ) from taken
        yield
