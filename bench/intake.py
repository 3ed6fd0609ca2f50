"""Alerts in: one at a time and by the hundred, against a minimal server that only inserts, and against Alerta."""

from statistics import median

from bench import bodies, servers
from bench.figures import Figure
from bench.load import Load, send
from incidentops.testing.store_containers import running_postgres

CONNECTIONS = 16
WEBHOOK_CONNECTIONS = 8
SECONDS = 5.0
ROUNDS = 3
ALERTMANAGER = "/api/v1/ingest/alertmanager"


def measure() -> list[Figure]:
    """Each server in turn, alone, with fsync on; the median of three rounds."""
    with running_postgres("bench-intake") as postgres:
        with servers.floor(postgres.url) as port:
            floor = _rate(port, "/alerts", bodies.single())
        with servers.backend(postgres.url) as port:
            single = _rate(port, "/api/v1/alerts", bodies.single())
            grouped = _rate(port, ALERTMANAGER, bodies.group(), WEBHOOK_CONNECTIONS) * bodies.GROUP
            unrelated = _rate(port, ALERTMANAGER, bodies.unrelated(), WEBHOOK_CONNECTIONS) * bodies.GROUP
    with running_postgres("bench-alerta") as postgres, servers.alerta(postgres.url) as port:
        peer = _rate(port, "/alert", bodies.alerta())
    return [
        Figure("POST /api/v1/alerts, 16 connections", "alerts/s", single, floor, 0.8 * floor, at_least=True),
        Figure("the same over Alerta", "times", single / peer, peer, 8, at_least=True),
        Figure("webhooks of 100 alerts of one service", "alerts/s", grouped, None, 10_000, at_least=True),
        Figure("webhooks of 100 services never seen before", "alerts/s", unrelated, None, None),
    ]


def _rate(port: int, path: str, body: str, connections: int = CONNECTIONS) -> float:
    """Requests per second; each round continues the numbers of the one before."""
    rates = []
    first = 0
    for _ in range(ROUNDS):
        answers = send(Load(port, path, body, connections, SECONDS, first=first))
        first += len(answers.milliseconds)
        rates.append(answers.per_second)
    return median(rates)
