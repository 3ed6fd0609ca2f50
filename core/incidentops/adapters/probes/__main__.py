"""`python -m incidentops.adapters.probes <probe> <address> <seconds>`: ask, print the result as JSON.

What a probe sidecar runs inside the network namespace of the service it asks.
"""

import json
import sys
from dataclasses import asdict
from ipaddress import ip_address

from incidentops.adapters.probes.asking import ask
from incidentops.domain.probes import parse_probe


def main(probe: str, address: str, seconds: str) -> None:
    """Print one line: the fields of `ProbeResult`. Raises ValueError for anything but an IP address."""
    result = ask(parse_probe(probe), str(ip_address(address)), float(seconds))
    sys.stdout.write(json.dumps(asdict(result)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
