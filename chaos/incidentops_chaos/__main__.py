"""`python -m incidentops_chaos`."""

import sys
from collections.abc import Mapping

from incidentops.clock import SystemClock
from incidentops.ports import Bus, Handler
from incidentops.runner import run_service
from incidentops.settings import read_settings
from incidentops_chaos import __version__
from incidentops_chaos.commands import Runs
from incidentops_chaos.settings import ChaosSettings


def handlers(bus: Bus) -> Mapping[str, Handler]:
    """The commands of chaos."""
    return Runs(bus, SystemClock(), read_settings(ChaosSettings).prometheus_url.rstrip("/")).handlers()


if __name__ == "__main__":
    sys.exit(run_service("chaos", __version__, handlers))
