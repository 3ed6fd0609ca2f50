"""Fixtures that several members share, so that one container serves the whole session."""

import sys

import structlog


def _plain_logs() -> None:
    """Without this, structlog draws every traceback with all local variables, which takes seconds."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stdout),
    )


_plain_logs()

pytest_plugins = ["incidentops.testing.bus_fixtures"]
