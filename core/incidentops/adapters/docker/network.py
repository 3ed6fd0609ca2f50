"""Bytes a container received and sent. Cgroups do not count them, so they come from elsewhere.

Where we see the host's processes, from `/proc/<pid>/net/dev`. A backend in a container does not; there the
engine is asked, each time for 2 to 4 ms of its CPU, so every 5 s only. Between two answers the growth is
spread evenly: what is reported lies between true values, never goes back, and is at most 5 s late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from incidentops.domain.containers import Container

REFRESH_SECONDS = 5.0
_MOST_REMEMBERED = 512
_HEADER_LINES = 2
_RECEIVED, _SENT = 0, 8


class Bytes(NamedTuple):
    """Received and sent since the start."""

    received: int
    sent: int


def from_proc(proc: Path, container: Container) -> Bytes | None:
    """The counters of the container's interfaces but loopback; None when its process is not ours to see."""
    try:
        if container.id not in (proc / str(container.pid) / "cgroup").read_text():
            return None  # the same number, but a process of our own namespace
        return _parse((proc / str(container.pid) / "net" / "dev").read_text())
    except OSError:
        return None


def _parse(text: str) -> Bytes:
    rows = [line.partition(":") for line in text.splitlines()[_HEADER_LINES:]]
    counters = [row.split() for name, _, row in rows if name.strip() != "lo"]
    return Bytes(sum(int(row[_RECEIVED]) for row in counters), sum(int(row[_SENT]) for row in counters))


@dataclass(frozen=True, slots=True)
class _Growth:
    """Counters that go from one value to another within `REFRESH_SECONDS`."""

    began: float
    first: Bytes
    last: Bytes

    def at(self, now: float) -> Bytes:
        share = min((now - self.began) / REFRESH_SECONDS, 1.0)
        return Bytes(*(a + int((b - a) * share) for a, b in zip(self.first, self.last, strict=True)))


class SpreadCounters:
    """Counters asked with `read` every 5 s for each container."""

    def __init__(self, read: Callable[[str], Bytes]) -> None:
        self._read = read
        self._known: dict[str, _Growth] = {}

    def at(self, container_id: str, now: float) -> Bytes:
        """The counters at a moment of the monotonic clock. Raises what `read` raises."""
        growth = self._known.get(container_id)
        if growth is None or now - growth.began >= REFRESH_SECONDS:
            growth = self._refreshed(container_id, growth, now)
        return growth.at(now)

    def _refreshed(self, container_id: str, before: _Growth | None, now: float) -> _Growth:
        fresh = self._read(container_id)
        shown = fresh if before is None else before.at(now)
        if any(new < old for new, old in zip(fresh, shown, strict=True)):
            shown = fresh  # a restarted container counts from zero
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        growth = self._known[container_id] = _Growth(now, shown, fresh)
        return growth
