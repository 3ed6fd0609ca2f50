"""Running other programs: fixed argument lists, output kept for the moment something fails."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class CommandError(Exception):
    """A program ended with an exit code other than 0; carries the end of what it said."""

    def __init__(self, arguments: Sequence[str], exit_code: int, output: str) -> None:
        self.exit_code = exit_code
        self.output = output
        said = "\n".join(output.strip().splitlines()[-15:])
        super().__init__(f"`{' '.join(arguments[:4])}` ended with exit code {exit_code}\n{said}")


def run(
    *arguments: str,
    stdin: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    timeout: float | None = None,
) -> str:
    """Run a program to its end and return its standard output.

    `environment` is added to the caller's own; `timeout` is in seconds.
    Raises CommandError for a non-zero exit code, for a missing program (127) and at the timeout (124).
    """
    try:
        done = subprocess.run(
            arguments,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
            cwd=folder,
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError as missing:
        raise CommandError(arguments, 127, str(missing)) from missing
    except subprocess.TimeoutExpired as late:
        raise CommandError(arguments, 124, f"no end within {timeout} s") from late
    if done.returncode != 0:
        raise CommandError(arguments, done.returncode, done.stdout + done.stderr)
    return done.stdout


def succeeds(*arguments: str, timeout: float | None = None) -> bool:
    """Whether the program ends with exit code 0 (within `timeout` seconds)."""
    try:
        run(*arguments, timeout=timeout)
    except CommandError:
        return False
    return True
