"""What `make up` ends with: where everything is."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """One address for a person; `service` is who answers there."""

    name: str
    service: str
    url: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.url}  ({self.note})" if self.note else self.url


DOORS = (
    Door("Panel", "frontend", "http://localhost:8080"),
    Door("API", "backend", "http://localhost:8000"),
    Door("API documentation", "backend", "http://localhost:8000/docs"),
    Door("Catcher", "catcher", "http://localhost:8025", "what notifications were sent"),
    Door("Prometheus", "prometheus", "http://localhost:9090"),
    Door("Grafana", "grafana", "http://localhost:3000", "user admin, password admin"),
    Door(
        "RabbitMQ console",
        "rabbitmq",
        "http://localhost:15672",
        "user incidentops, password RABBITMQ_PASSWORD in .env",
    ),
)


def render(services: Collection[str]) -> str:
    """The table of URLs of the `services` that are there, ready to print."""
    doors = [door for door in DOORS if door.service in services]
    width = max(len(door.name) for door in doors)
    lines = [f"  {door.name:<{width}}  {door}" for door in doors]
    return "\n".join(
        ["", *lines, "", "  `make down` stops it and keeps the data; `make help` shows the other doors."]
    )
