"""Containers for measuring: a compose-like project `bench`, labelled, removed whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker
from docker.models.containers import Container

IMAGE = "incidentops/base:trixie"
COMMAND = ["sh", "-c", "trap 'exit 0' TERM; sleep infinity & wait"]
"""Ends at once when asked to, so that the engine's own work is what is measured."""

_OWNED = {"incidentops.bench": "true"}


@contextmanager
def bench_containers(client: docker.DockerClient, count: int, prefix: str) -> Iterator[list[Container]]:
    """`count` running managed services `<prefix>-<n>` of the project `bench`."""
    made: list[Container] = []
    try:
        made.extend(_run(client, f"{prefix}-{number:02}", managed=True) for number in range(count))
        yield made
    finally:
        for container in made:
            container.remove(force=True)


@contextmanager
def unmanaged_container(client: docker.DockerClient, name: str) -> Iterator[Container]:
    """One running container that no control plane looks at: the peer of raw engine calls."""
    container = _run(client, name, managed=False)
    try:
        yield container
    finally:
        container.remove(force=True)


def _run(client: docker.DockerClient, name: str, *, managed: bool) -> Container:
    labels = {**_OWNED, "com.docker.compose.project": "bench"}
    if managed:
        labels["incidentops.service"] = name
    return client.containers.run(
        IMAGE, COMMAND, name=f"bench-{name}", labels=labels, detach=True, network_mode="none", mem_limit="32m"
    )
