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
    """With fsync on; the median of three rounds, ours and the floor by turns."""
    with running_postgres("bench-intake") as postgres, servers.backend(postgres.url) as port:
        with servers.floor(postgres.url) as floor_port:
            single, floor = _rates(
                (port, "/api/v1/alerts", bodies.single()), (floor_port, "/alerts", bodies.single())
            )
        [grouped] = _rates((port, ALERTMANAGER, bodies.group()), connections=WEBHOOK_CONNECTIONS)
        [unrelated] = _rates((port, ALERTMANAGER, bodies.unrelated()), connections=WEBHOOK_CONNECTIONS)
    with running_postgres("bench-alerta") as postgres, servers.alerta(postgres.url) as port:
        [peer] = _rates((port, "/alert", bodies.alerta()))
    return [
        Figure("POST /api/v1/alerts, 16 connections", "alerts/s", single, floor, 0.8 * floor, at_least=True),
        Figure("the same over Alerta", "times", single / peer, peer, 8, at_least=True),
        Figure(
            "webhooks of 100 alerts of one service",
            "alerts/s",
            grouped * bodies.GROUP,
            None,
            10_000,
            at_least=True,
        ),
        Figure(
            "webhooks of 100 services never seen before", "alerts/s", unrelated * bodies.GROUP, None, None
        ),
    ]


def _rates(*targets: tuple[int, str, str], connections: int = CONNECTIONS) -> list[float]:
    """Requests per second to each (port, path, body), in rounds by turns, so that a busy machine slows all of them.
    Each round continues the numbers of the one before."""
    rates: list[list[float]] = [[] for _ in targets]
    first = 0
    for _ in range(ROUNDS):
        answered = [send(Load(*target, connections, SECONDS, first=first)) for target in targets]
        first += max(len(answers.milliseconds) for answers in answered)
        for each, answers in zip(rates, answered, strict=True):
            each.append(answers.per_second)
    return [median(each) for each in rates]
