"""What CI runs on a bare Debian machine: install what is missing, `make check`, `make test`, `make test-full`.

All three always run; the exit code is not 0 when one failed, and their results are the last thing printed.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from infrastructure.bring_up import debian, engine
from infrastructure.bring_up.stack import Stack

ROOT = Path(__file__).resolve().parents[1]
DOORS = ("check", "test", "test-full")
PACKAGES = {"make": "make", "npm": "npm", "chromium": "chromium"}


def main() -> int:
    """Prepare the machine, check, test, and test the long way."""
    install_packages()
    remove_leftovers()
    codes = {door: make(door) for door in DOORS}
    for door, code in codes.items():
        print(f"make {door}: {'passed' if code == 0 else 'FAILED'}", flush=True)
    return int(any(codes.values()))


def install_packages() -> None:
    """Install with apt the programs that are not on the PATH, and venv support for this Python."""
    missing = [package for program, package in PACKAGES.items() if shutil.which(program) is None]
    missing += ["python3-venv"] if not has_venv() else []
    if missing:
        print(f"Installing {', '.join(missing)}", flush=True)
        debian.refresh()
        debian.install(*missing)


def has_venv() -> bool:
    """Whether this Python can make virtual environments (Debian splits pip's seed into a package of its own)."""
    probe = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return probe.returncode == 0


def remove_leftovers() -> None:
    """Remove what an earlier run left: containers that would come back and hold the ports, and their data."""
    if not engine.installed():
        return
    if not engine.answers():
        engine.start()
    stack = Stack(ROOT)
    stack.remove_sidecars()
    stack.remove_by_label()


def make(door: str) -> int:
    """Run a door of the Makefile and return its exit code."""
    return subprocess.run(
        ["make", "--directory", str(ROOT), "--no-print-directory", door], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
