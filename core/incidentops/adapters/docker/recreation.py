"""A container made anew from its own description: same name, labels, networks and volumes, a fresh file system."""

from contextlib import suppress
from typing import Any

from docker.errors import DockerException

from incidentops.adapters.docker.client import EngineClient

_SHORT_ID = 12
_NO_NETWORK_OF_ITS_OWN = ("host", "none", "container:")


def recreate(client: EngineClient, container_id: str, grace_seconds: int) -> str:
    """End the container, start one like it, delete the old one; returns the new id. When the new one cannot be made or
    started, the old one has its name back and runs again as it did. Raises what the SDK raises."""
    old = client.inspect(container_id)
    name = str(old["Name"]).lstrip("/")
    client.stop(container_id, timeout=grace_seconds)
    client.rename(container_id, f"{name}-replaced-{container_id[:_SHORT_ID]}")
    created: str | None = None
    try:
        created = str(client.create_container_from_config(_configuration(old), name)["Id"])
        client.start(created)
    except Exception:
        _put_back(client, old, name, created)
        raise
    client.remove_container(container_id, force=True)
    return created


def _put_back(client: EngineClient, old: dict[str, Any], name: str, created: str | None) -> None:
    """As far as the engine lets us: the error that brought us here is the one to tell."""
    with suppress(DockerException):
        if created is not None:
            client.remove_container(created, force=True)
        client.rename(old["Id"], name)
        if old["State"]["Running"]:
            client.start(old["Id"])


def _configuration(old: dict[str, Any]) -> dict[str, Any]:
    configuration = dict(old["Config"])
    if configuration.get("Hostname") == old["Id"][:_SHORT_ID]:
        del configuration["Hostname"]  # the engine's choice, which belongs to the old id
    host = dict(old["HostConfig"])
    host["Binds"] = [*(host.get("Binds") or []), *_anonymous_volumes(old)]
    networking = {} if _without_network(host) else {"EndpointsConfig": _endpoints(old)}
    return {**configuration, "HostConfig": host, "NetworkingConfig": networking}


def _anonymous_volumes(old: dict[str, Any]) -> list[str]:
    """Those that only the container knows of: without being named they would be made anew, empty."""
    host = old["HostConfig"]
    named = {bind.split(":")[1] for bind in host.get("Binds") or []}
    named |= {mount["Target"] for mount in host.get("Mounts") or []}
    return [
        f"{mount['Name']}:{mount['Destination']}"
        for mount in old["Mounts"]
        if mount["Type"] == "volume" and mount["Destination"] not in named
    ]


def _without_network(host: dict[str, Any]) -> bool:
    return str(host.get("NetworkMode", "")).startswith(_NO_NETWORK_OF_ITS_OWN)


def _endpoints(old: dict[str, Any]) -> dict[str, Any]:
    """Its networks with the addresses it asked for and the names it answers to."""
    short = old["Id"][:_SHORT_ID]
    return {
        name: {
            "IPAMConfig": endpoint.get("IPAMConfig"),
            "Aliases": [alias for alias in endpoint.get("Aliases") or [] if alias != short],
            "DriverOpts": endpoint.get("DriverOpts"),
        }
        for name, endpoint in old["NetworkSettings"]["Networks"].items()
    }
