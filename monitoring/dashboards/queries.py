"""The PromQL of the dashboards, with Grafana's variables replaced as Grafana does."""

import json
from dataclasses import dataclass

from monitoring.dashboards.files import texts

VARIABLES = {"$__rate_interval": "1m", "$service": ".*"}


@dataclass(frozen=True)
class Query:
    """One query of one panel."""

    panel: str
    expression: str


def promql() -> list[Query]:
    """Every query of every dashboard that Prometheus answers."""
    return [
        Query(panel["title"], _filled(target["expr"]))
        for text in texts().values()
        for panel in json.loads(text)["panels"]
        for target in panel.get("targets", [])
        if target["datasource"]["type"] == "prometheus"
    ]


def _filled(expression: str) -> str:
    for variable, value in VARIABLES.items():
        expression = expression.replace(variable, value)
    return expression
