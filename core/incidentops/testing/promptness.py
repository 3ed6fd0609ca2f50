"""How long the code takes, measured on a machine that has other work."""

from collections.abc import Callable


def fastest(attempt: Callable[[], float], enough: float, attempts: int = 3) -> float:
    """The least seconds of a few attempts, each of which returns its own; the first below `enough` is the last.

    A busy machine adds to one attempt or two, a wait in the code that is too long to each.
    """
    best = attempt()
    for _ in range(attempts - 1):
        if best < enough:
            break
        best = min(best, attempt())
    return best
