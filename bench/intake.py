"""Alerts in: one at a time and by the hundred, against a minimal server that only inserts, and against Alerta."""

from statistics import median

from bench import bodies, servers
from bench.figures import Figure
from bench.load import Load, send
from incidentops.testing.store_containers import running_postgres

CONNECTIONS = 16
WEBHOOK_CONNECTIONS = 8
SECONDS = 4.0
ROUNDS = 5
ALERTMANAGER = "/api/v1/ingest/alertmanager"


def measure() -> list[Figure]:
    """With fsync on; the median of five rounds, ours and the floor by turns."""
    single = bodies.single()
    with running_postgres("bench-intake") as postgres, servers.backend(postgres.url) as port:
        with servers.floor(postgres.url) as floor_port:
            ours, floor = _rates((port, "/api/v1/alerts", single), (floor_port, "/alerts", single))
        [grouped] = _rates((port, ALERTMANAGER, bodies.group()), connections=WEBHOOK_CONNECTIONS)
        [unrelated] = _rates((port, ALERTMANAGER, bodies.unrelated()), connections=WEBHOOK_CONNECTIONS)
    with running_postgres("bench-alerta") as postgres, servers.alerta(postgres.url) as port:
        [peer] = _rates((port, "/alert", bodies.alerta()))
    share = median(own / least for own, least in zip(ours, floor, strict=True))
    webhooks, hostile = (median(rates) * bodies.GROUP for rates in (grouped, unrelated))
    return [
        Figure("POST /api/v1/alerts, 16 connections", "alerts/s", median(ours), median(floor), None),
        Figure("the same over its floor", "times", share, 1.0, 0.8, at_least=True),
        Figure("the same over Alerta", "times", median(ours) / median(peer), median(peer), 8, at_least=True),
        Figure("webhooks of 100 alerts of one service", "alerts/s", webhooks, None, 10_000, at_least=True),
        Figure("webhooks of 100 services never seen before", "alerts/s", hostile, None, None),
    ]


def _rates(*targets: tuple[int, str, str], connections: int = CONNECTIONS) -> list[list[float]]:
    """Requests per second to each (port, path, body), a rate a round, by turns: a busy machine slows all of them.
    Each round continues the numbers of the one before."""
    rates: list[list[float]] = [[] for _ in targets]
    first = 0
    for _ in range(ROUNDS):
        answered = [send(Load(*target, connections, SECONDS, first=first)) for target in targets]
        first += max(len(answers.milliseconds) for answers in answered)
        for each, answers in zip(rates, answered, strict=True):
            each.append(answers.per_second)
    return rates
