"""`make bench`: measure the running stack and say which limits are kept."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from bench import actions, browser, crowd, experiments, faults, heal, hundred, intake, live, reads, records
from bench.figures import HEADER, Figure

RESULTS = Path(__file__).parent / "results"
BENCHES: dict[str, Callable[[], Iterable[Figure]]] = {
    "live": live.measure,
    "actions": actions.measure,
    "reads": reads.measure,
    "heal": heal.measure,
    "records": records.measure,
    "intake": intake.measure,
    "crowd": crowd.measure,
    "hundred": hundred.measure,
    "browser": browser.measure,
    "faults": faults.measure,
    "experiments": experiments.measure,
}


def main() -> int:
    """Run the chosen benches (all by default); status 1 when a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="bench", help=", ".join(BENCHES))
    names = parser.parse_args().names or list(BENCHES)
    figures: list[Figure] = []
    print(HEADER, flush=True)
    for name in names:
        for figure in BENCHES[name]():
            figures.append(figure)
            print(figure.row(), flush=True)
    _save(figures)
    return 0 if all(figure.kept for figure in figures) else 1


def _save(figures: list[Figure]) -> None:
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    document = [figure.as_dict() for figure in figures]
    (RESULTS / f"{stamp}.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
