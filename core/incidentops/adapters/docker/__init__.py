"""The engine port on the Docker SDK's low-level API."""

from incidentops.adapters.docker.engine import DockerEngine

__all__ = ["DockerEngine"]
