"""Fixtures that several members share, so that one container serves the whole session."""

import sys

import pytest
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several processes (`-n`), whatever the stack could see or be slowed by stays in one of them, in order;
    a module of the other tests stays together, so that its containers start once."""
    for item in items:
        beside_the_stack = any(item.get_closest_marker(name) for name in ("engine", "stack", "browser"))
        item.add_marker(
            pytest.mark.xdist_group("engine" if beside_the_stack else item.nodeid.partition("::")[0])
        )


pytest_plugins = ["incidentops.testing.bus_fixtures"]
