"""Stopping the target's processes, among which we run. Its first process is out of our reach: the engine signals it."""

import os
import signal
from contextlib import suppress
from pathlib import Path

_FIRST = 1


def freeze() -> None:
    """Stop every process but the first one and ourselves."""
    _signal_all(signal.SIGSTOP)


def thaw() -> None:
    """Let them go on."""
    _signal_all(signal.SIGCONT)


def _signal_all(number: signal.Signals) -> None:
    pids = {int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()}
    for pid in pids - {_FIRST, os.getpid()}:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
