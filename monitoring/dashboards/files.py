"""The dashboards as files."""

import json
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from monitoring.dashboards.overview import overview

FOLDER = Path(__file__).parents[1] / "grafana/dashboards"


def texts() -> dict[str, str]:
    """File name → JSON of each dashboard, keys in order, so that equal dashboards are equal text."""
    return {"overview.json": _text(overview().build())}


def _text(dashboard: Dashboard) -> str:
    for number, panel in enumerate(dashboard.panels or [], start=1):
        panel.id_val = number  # links to one panel name it
    return json.dumps(dashboard, cls=JSONEncoder, indent=2, sort_keys=True) + "\n"
