"""The container we run in, if we do, and the networks it has on this engine."""

import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from incidentops.domain.containers import Container
from incidentops.domain.errors import ContainerGone

_MOUNTED_FROM = re.compile(r"/containers/([0-9a-f]{64})/")
_CONTAINER_MARK = Path("/.dockerenv")
_MOUNTS = Path("/proc/self/mountinfo")
_NO_NETWORKS: frozenset[str] = frozenset()


class Ourselves:
    """Answers which networks we share with others. `inspect` looks a container up on the engine."""

    def __init__(self, inspect: Callable[[str], Container]) -> None:
        self._inspect = inspect
        self._networks: frozenset[str] | None = None
        self._lock = threading.Lock()

    def address_of(self, container: Container) -> str | None:
        """An address at which we reach that container directly; None when we share no network."""
        shared = [container.networks[name] for name in sorted(self.networks() & set(container.networks))]
        return next((address for address in shared if address), None)

    def networks(self) -> frozenset[str]:
        """Names of our networks, asked once: none outside containers, or in one of another engine."""
        with self._lock:
            if self._networks is None:
                self._networks = self._ask()
            return self._networks

    def _ask(self) -> frozenset[str]:
        own = own_container()
        if own is None:
            return _NO_NETWORKS
        try:
            return frozenset(self._inspect(own).networks)
        except ContainerGone:
            return _NO_NETWORKS


def own_container() -> str | None:
    """The id (or the host name, which is its beginning) of the container this process runs in."""
    if not _CONTAINER_MARK.exists():
        return None
    found = _MOUNTED_FROM.search(_MOUNTS.read_text("utf-8", "replace"))
    return found.group(1) if found else socket.gethostname()
