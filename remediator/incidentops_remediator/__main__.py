"""`python -m incidentops_remediator`."""

import sys

import structlog

from incidentops.messages.envelope import Message
from incidentops.runner import run_service
from incidentops_remediator import __version__
from incidentops_remediator.remediate import handlers

log = structlog.get_logger()

PARALLEL_RUNS = 4
"""A service that is waited for must not hold up the run of another."""


def note(event: Message) -> None:
    """Take events off the queue, which would otherwise grow without end; no policy acts on them yet."""
    log.debug("event_seen", type=event.type)


if __name__ == "__main__":
    sys.exit(run_service("remediator", __version__, handlers, on_event=note, parallel=PARALLEL_RUNS))
