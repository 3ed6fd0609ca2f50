"""The stack's Prometheus scrapes every part, and answers every query of the dashboards."""

import pytest
import requests

from e2e.stack import READ_SECONDS
from monitoring.dashboards.queries import Query, promql

pytestmark = pytest.mark.stack

PROMETHEUS = "http://localhost:9090"
SCRAPED = {"backend", "worker", "chaos", "remediator", "rabbitmq", "localhost"}
"""Hosts; Prometheus scrapes itself."""


def ask(path: str, **query: str) -> dict:
    answer = requests.get(f"{PROMETHEUS}/api/v1/{path}", query, timeout=READ_SECONDS)
    answer.raise_for_status()
    return answer.json()["data"]


def samples(query: Query) -> list[dict]:
    """What Prometheus answers now; NaN, a quantile of nothing, is no answer."""
    found = ask("query", query=query.expression)["result"]
    return [sample for sample in found if sample["value"][1] != "NaN"]


@pytest.fixture(scope="module")
def at_work(stack) -> None:
    """The stack has done of everything a little."""
    stack.post("/restart/worker").raise_for_status()
    stack.post("/ping/redis").raise_for_status()


def test_every_part_that_serves_metrics_is_scraped(stack):
    def healthy() -> set[str]:
        targets = ask("targets")["activeTargets"]
        return {target["labels"]["instance"].split(":")[0] for target in targets if target["health"] == "up"}

    stack.wait_until(lambda: healthy() >= SCRAPED, "every part is scraped")


@pytest.mark.parametrize("query", promql(), ids=lambda query: query.panel)
def test_a_query_of_a_dashboard_is_answered(stack, at_work, query):
    stack.wait_until(lambda: samples(query) != [], f"{query.expression} has an answer")
