"""`python3 -m infrastructure.bring_up up|down|clean|doctor`, from the project's root."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from infrastructure.bring_up import turn
from infrastructure.bring_up.commands import CommandError
from infrastructure.bring_up.doors import clean, doctor, down, up
from infrastructure.bring_up.setup_error import SetupError

ROOT = Path(__file__).resolve().parents[2]
DOORS: dict[str, Callable[[Path], None]] = {"up": up, "down": down, "clean": clean, "doctor": doctor}
ONLY_LOOKING = {"doctor"}


def main(arguments: list[str]) -> int:
    """Run one door; the exit code is 0, 1 (one sentence says what to change) or 2 (a program failed)."""
    if len(arguments) != 1 or arguments[0] not in DOORS:
        print(f"usage: python3 -m infrastructure.bring_up {'|'.join(DOORS)}", file=sys.stderr)
        return 2
    try:
        with nullcontext() if arguments[0] in ONLY_LOOKING else turn.take():
            DOORS[arguments[0]](ROOT)
    except SetupError as problem:
        if isinstance(problem.__cause__, CommandError):
            print(f"\n{problem.__cause__}", file=sys.stderr)
        print(f"\n{problem}.", file=sys.stderr)
        return 1
    except CommandError as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
