"""How a process is asked to end: by SIGTERM or SIGINT."""

import signal

_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})


def hold_endings_back() -> None:
    """From now on they wait for `wait_for_the_end`. To be called before any thread begins, because each inherits it.

    A handler would do only if the main thread got the signal: the kernel may hand it to any thread, and then a main
    thread that waits for a lock goes on waiting.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def wait_for_the_end() -> None:
    """Return once the process has been asked to end, at once if it was asked meanwhile."""
    signal.sigwait(_SIGNALS)
