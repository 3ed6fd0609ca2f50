"""A process with many threads ends when it is asked to, whichever thread is at work."""

import subprocess
import sys

ASKED_EARLY = """
import os, signal, sys, threading
from incidentops.endings import hold_endings_back, wait_for_the_end
hold_endings_back()
for _ in range(8):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
os.kill(os.getpid(), getattr(signal, sys.argv[1]))
wait_for_the_end()
print("ended")
"""


def test_a_signal_that_comes_before_anybody_waits_for_it_is_not_lost():
    for name in ("SIGTERM", "SIGINT"):
        done = subprocess.run(
            [sys.executable, "-c", ASKED_EARLY, name],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode, done.stdout) == (0, "ended\n"), done.stderr
