"""`python -m incidentops_worker`."""

import sys

from incidentops.runner import run_service
from incidentops_worker import __version__

if __name__ == "__main__":
    sys.exit(run_service("worker", __version__))
