"""The dashboards as Grafana will read them. That their queries are answered is proved on the stack, in e2e."""

import json

import promql_parser
import pytest
import yaml

from monitoring.dashboards.files import FOLDER, texts
from monitoring.dashboards.queries import promql
from monitoring.tests.conftest import MONITORING


def test_the_written_files_are_what_the_code_builds():
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")}
    assert written == texts(), "`make dashboards` writes them anew"


@pytest.mark.parametrize("query", promql(), ids=lambda query: query.panel)
def test_a_query_is_promql(query):
    promql_parser.parse(query.expression)


def test_every_panel_has_a_number_of_its_own_and_asks_a_source_that_is_provisioned():
    sources = yaml.safe_load((MONITORING / "grafana/datasources/incidentops.yml").read_text())["datasources"]
    provisioned = {(source["type"], source["uid"]) for source in sources}
    for text in texts().values():
        panels = json.loads(text)["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)
        for panel in panels:
            for target in panel.get("targets", []):
                assert (target["datasource"]["type"], target["datasource"]["uid"]) in provisioned
