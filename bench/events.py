"""The engine's own event stream, read by nobody but us: the floor of everything that is told on."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import docker

Seen = list[tuple[str, int, int]]
"""Name of the service, when it happened by the engine's clock, and when this process read of it (ns)."""


@contextmanager
def bare_reader(client: docker.DockerClient, actions: Sequence[str]) -> Iterator[Seen]:
    """Those events of the bench's containers that happen from now on."""
    seen: Seen = []
    stream = client.events(
        decode=True, filters={"event": list(actions), "label": "incidentops.bench", "type": "container"}
    )

    def read() -> None:
        for event in stream:
            name = event["Actor"]["Attributes"]["incidentops.service"]
            seen.append((name, event["timeNano"], time.time_ns()))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield seen
    finally:
        stream.close()
