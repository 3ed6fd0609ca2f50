"""`python -m incidentops_remediator`."""

import sys

from incidentops.runner import run_service
from incidentops_remediator import __version__

if __name__ == "__main__":
    sys.exit(run_service("remediator", __version__))
