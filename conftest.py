"""What all tests share: fixtures, so that one container serves the whole session, and the settings of tools."""

import sys

import structlog
from hypothesis import HealthCheck, settings


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


def _patient_properties() -> None:
    """How long an example takes says more of the machine than of the code, and failed tests on a busy one."""
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


_plain_logs()
_patient_properties()

pytest_plugins = ["incidentops.testing.bus_fixtures"]
