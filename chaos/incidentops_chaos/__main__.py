"""`python -m incidentops_chaos`."""

import sys

from incidentops.runner import run_service
from incidentops_chaos import __version__

if __name__ == "__main__":
    sys.exit(run_service("chaos", __version__))
