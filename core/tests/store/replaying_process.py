"""A process that replays a spool into Postgres, and may kill itself at a chosen moment.

Arguments: the database URL, the spool's directory, and `never`, `before-commit` or `after-commit`: the side
of the fifth commit on which it dies.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.spool.replayer import Replayer
from incidentops.adapters.spool.spool import Spool
from incidentops.ports import Fact

BATCH_RECORDS = 50


class MortalStore(PostgresStore):
    """Dies around its fifth batch."""

    batches = 0
    death = "never"

    def write(self, facts: Sequence[Fact]) -> None:
        self.batches += 1
        self._die_if("before-commit")
        super().write(facts)
        self._die_if("after-commit")

    def _die_if(self, moment: str) -> None:
        if self.death == moment and self.batches == 5:
            os.kill(os.getpid(), signal.SIGKILL)


def replay(url: str, directory: Path, death: str) -> None:
    store = MortalStore(url)
    store.death = death
    store.start()
    spool = Spool(directory)
    if not (spool.open() and store.wait_until_up(60)):
        sys.exit("cannot begin")
    replayer = Replayer(spool, store, BATCH_RECORDS)
    while replayer.replay_batch():
        pass


if __name__ == "__main__":
    replay(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
