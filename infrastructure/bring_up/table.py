"""What `make up` ends with: where everything is."""

DOORS = {
    "Panel": "http://localhost:8080",
    "API": "http://localhost:8000",
    "API documentation": "http://localhost:8000/docs",
    "Prometheus": "http://localhost:9090",
    "RabbitMQ console": "http://localhost:15672",
}
NOTES = {"RabbitMQ console": "user incidentops, password RABBITMQ_PASSWORD in .env"}


def render() -> str:
    """The table of URLs, ready to print."""
    width = max(map(len, DOORS))
    lines = [f"  {name:<{width}}  {_line(name)}" for name in DOORS]
    return "\n".join(
        ["", *lines, "", "  `make down` stops it and keeps the data; `make help` shows the other doors."]
    )


def _line(name: str) -> str:
    note = NOTES.get(name)
    return f"{DOORS[name]}  ({note})" if note else DOORS[name]
