"""`python3 -m hold hold PLAN`, `python3 -m hold undo PLAN`, `python3 -m hold kernel`."""

import signal
import sys

from . import delay, queues, rules
from .holding import Holding, tell
from .plan import Plan
from .run import ToolError
from .snapshot import snapshot
from .volume import MOUNT


def _hold(text: str) -> None:
    holding = Holding(Plan.parse(text))
    signal.signal(signal.SIGTERM, lambda *_: holding.end())
    holding.run()


def _undo(text: str) -> None:
    """What a holder that was killed left undone."""
    plan = Plan.parse(text)
    Holding(plan).undo()
    tell("undone", snapshot=snapshot(plan, volume_mounted=MOUNT.is_dir()), measured={})


def _kernel(_: str) -> None:
    found = {
        "netem": queues.knows("netem", "delay", "1ms"),
        "nfqueue": _queues_packets(),
        "redirect": _redirects(),
    }
    tell("kernel", kernel=[name for name, there in found.items() if there])


def _queues_packets() -> bool:
    try:
        rules.queue_marked()
    except ToolError:
        return False
    return delay.available()


def _redirects() -> bool:
    try:
        rules.install(Plan(table="incidentops_try", ends_at=0), 1.0, proxy_port=1)
    except ToolError:
        return False
    return True


def main() -> int:
    word, text = [*sys.argv[1:], ""][:2]
    try:
        {"hold": _hold, "undo": _undo, "kernel": _kernel}[word](text)
    except (ToolError, OSError, ValueError, TypeError) as error:
        tell("failed", reason=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
