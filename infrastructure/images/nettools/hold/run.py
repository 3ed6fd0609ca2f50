"""Running the tools of this image."""

import json
import subprocess
from typing import Any


class ToolError(Exception):
    """A tool said no; its own words."""


def run(*words: str, stdin: str = "") -> str:
    """The output of one command. Raises ToolError."""
    done = subprocess.run(words, input=stdin, capture_output=True, text=True, check=False, timeout=10)
    if done.returncode != 0:
        raise ToolError(f"{words[0]}: {done.stderr.strip().partition(chr(10))[0]}")
    return done.stdout


def read_json(*words: str) -> Any:
    return json.loads(run(*words) or "[]")
